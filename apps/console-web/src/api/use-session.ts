import { useQuery } from '@tanstack/react-query';
import { setCsrfToken } from './client.js';
import { isSignedOut } from './problem.js';
import { answerOptions } from './use-answer.js';

/** Nobody may be there to ask again, as before a screen on a wall. */
const ASK_AGAIN_MS = 5_000;

const options = answerOptions('/session');

/** Who is signed in; an error for which `isSignedOut` holds where nobody is. */
export function useSession() {
  return useQuery({
    ...options,
    staleTime: 60_000,
    refetchInterval: ({ state }) =>
      state.error && !isSignedOut(state.error) ? ASK_AGAIN_MS : false,
    refetchIntervalInBackground: true,
    queryFn: async (context) => {
      const session = await (options.queryFn as NonNullable<typeof options.queryFn>)(
        context as never,
      );
      setCsrfToken(session.csrf_token);
      return session;
    },
  });
}

/** Whether who is signed in may change something. */
export function useIsOperator(): boolean {
  return useSession().data?.role === 'operator';
}
