import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, Problem } from './problem.js';

const RETRIES = 2;

/** A session may end while the page is looked at: whatever is told so first, the page asks who is signed in, and offers to sign in. */
function noticeSignedOut(error: Error): void {
  const isAsked = queryClient.isFetching({ queryKey: ['/session'] }) > 0;
  if (
    isSignedOut(error) &&
    !isAsked &&
    !isSignedOut(queryClient.getQueryState(['/session', {}])?.error)
  )
    void queryClient.invalidateQueries({ queryKey: ['/session'] });
}

/** What the page knows. Live events mark it stale (live/follow.ts); what is looked at is then fetched again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: {
      // An error of the request itself stays one.
      retry: (failures, error) =>
        failures < RETRIES && !(error instanceof Problem && error.status < 500),
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
  },
});
