import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem.js';

const RETRIES = 2;

/** What the page knows. Live events mark it stale (live/follow.ts); what is looked at is then fetched again. */
export const queryClient = new QueryClient({
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
