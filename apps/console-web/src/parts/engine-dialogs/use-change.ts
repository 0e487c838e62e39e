import { useMutation, useQueryClient } from '@tanstack/react-query';

/** What shows engines; the list keeps its order only until its reader changes something. */
const CHANGED = /^(\/overview|\/wall|\/engines|\/alerts|list of engines)/;

/** One change of an engine; what is known of engines is fetched again after it, then the dialog closes. */
export function useChange(change: () => Promise<unknown>, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      onDone();
      await queryClient.invalidateQueries({
        predicate: ({ queryKey: [path] }) => CHANGED.test(String(path)),
      });
    },
  });
}
