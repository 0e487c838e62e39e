import { useSyncExternalStore } from 'react';

export type Connection =
  | { readonly type: 'connecting' }
  | { readonly type: 'connected' }
  /** @param since in milliseconds, by the browser's clock */
  | { readonly type: 'lost'; readonly since: number };

let connection: Connection = { type: 'connecting' };
const listeners = new Set<() => void>();

export function setConnection(next: Connection): void {
  if (next.type === 'lost' && connection.type === 'lost') return;
  connection = next;
  for (const listener of listeners) listener();
}

/** Whether live events come. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
}
