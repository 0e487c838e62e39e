import type { QueryClient } from '@tanstack/react-query';
import { followLive, type LiveKind, type LiveMessage } from './stream.js';
import { setConnection } from './connection.js';

/** The beginnings of the API's paths whose answers an event makes stale. */
const STALE: Readonly<Record<LiveKind, readonly string[]>> = {
  alert: ['/overview', '/wall', '/engines', '/alerts', '/audit', '/forecast', '/reports'],
  report: ['/overview', '/wall', '/engines', '/audit', '/forecast', '/reports'],
  setting: ['/overview', '/wall', '/engines', '/settings', '/audit', '/forecast', '/reports'],
  engine: ['/overview', '/wall', '/engines', '/audit', '/forecast', '/reports'],
  check: ['/overview', '/wall', '/engines', '/audit'],
  system: ['/overview', '/system', '/dead-letters', '/audit'],
};

/** Many events may come at once, as when ten thousand engines turn: what is shown is fetched at most this often. */
const AT_MOST_EVERY_MS = 500;
/** Where fetching takes long, the console is given this much longer without a question. */
const REST_PER_FETCH = 4;

/** Marks what the page knows as stale when an event says so; what is looked at is fetched again at once. @returns ends it */
export function keepCurrent(queryClient: QueryClient): () => void {
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let nextAt = 0;

  /** One after the other: what is fetched is thrown away if it becomes stale meanwhile, so that under constant events nothing would ever be shown. */
  const fetchStale = async (): Promise<void> => {
    const paths = [...stale];
    stale.clear();
    const beganAt = performance.now();
    await queryClient
      .invalidateQueries({
        predicate: ({ queryKey: [path] }) => paths.some((start) => String(path).startsWith(start)),
      })
      .catch(() => undefined);
    const tookMs = performance.now() - beganAt;
    nextAt = performance.now() + Math.max(AT_MOST_EVERY_MS, REST_PER_FETCH * tookMs);
    timer = undefined;
    if (stale.size > 0) schedule();
  };
  const schedule = (): void => {
    timer ??= setTimeout(() => void fetchStale(), Math.max(0, nextAt - performance.now()));
  };
  const markStale = (paths: readonly string[]): void => {
    for (const path of paths) stale.add(path);
    schedule();
  };
  const hear = (message: LiveMessage): void => {
    if (message.type === 'event') markStale(STALE[message.kind]);
    else if (message.type === 'resync') markStale(['/']);
    else setConnection(message);
  };
  const end = followLive(hear);
  return () => {
    clearTimeout(timer);
    end();
  };
}
