import { useQueryClient } from '@tanstack/react-query';

/** What shows engines; the list keeps its order only until its reader changes something. */
const CHANGED = /^(\/overview|\/wall|\/engines|\/alerts|list of engines)/;

/** Makes one change of an engine, after which what is known of engines is fetched again. Rejects where the API refuses the change. */
export function useChange(): (change: () => Promise<unknown>) => Promise<void> {
  const queryClient = useQueryClient();
  return async (change) => {
    await change();
    void queryClient.invalidateQueries({
      predicate: ({ queryKey: [path] }) => CHANGED.test(String(path)),
    });
  };
}
