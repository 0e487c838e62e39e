/** Kinds of events of `GET /api/v1/events`. */
export const LIVE_KINDS = ['alert', 'report', 'setting', 'engine', 'check', 'system'] as const;
export type LiveKind = (typeof LIVE_KINDS)[number];

export type LiveMessage =
  | { readonly type: 'event'; readonly kind: LiveKind; readonly data: Record<string, unknown> }
  /** Something may have been missed: all that is shown must be fetched again. */
  | { readonly type: 'resync' }
  | { readonly type: 'connected' }
  /** @param since in milliseconds, by the browser's clock */
  | { readonly type: 'lost'; readonly since: number };

const LOCK = 'backup-awareness.live';
const TRY_AGAIN_MS = 2_000;
/** The console sends a ping every 15 seconds. */
const SILENT_AT_MOST_MS = 45_000;

/**
 * Live events for all tabs of this browser by one connection: a browser opens six to a host, and a seventh tab would hang. The tab that
 * holds the lock has the connection and tells the others; when it is closed, the next one takes over.
 *
 * @returns ends this tab's part
 */
export function followLive(hear: (message: LiveMessage) => void): () => void {
  const end = new AbortController();
  const others = new BroadcastChannel(LOCK);
  let last: LiveMessage | undefined;
  let isLeading = false;

  const tell = (message: LiveMessage): void => {
    last = message;
    hear(message);
    others.postMessage(message);
  };
  others.onmessage = ({ data }: MessageEvent<LiveMessage | 'how is it?'>) => {
    if (data !== 'how is it?') hear(data);
    else if (isLeading && (last?.type === 'connected' || last?.type === 'lost'))
      others.postMessage(last);
    else if (isLeading && last) others.postMessage({ type: 'connected' });
  };
  others.postMessage('how is it?');

  const lead = async (): Promise<void> => {
    isLeading = true;
    await connect(tell, end.signal);
  };
  // Browsers have locks only where the page came by TLS or from this machine; otherwise each tab has a connection.
  if ('locks' in navigator)
    void navigator.locks.request(LOCK, { signal: end.signal }, lead).catch(() => undefined);
  else void lead();

  return () => {
    end.abort();
    others.close();
  };
}

/** Stays connected until the signal; resolves then. */
async function connect(tell: (message: LiveMessage) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await oneConnection(tell, signal);
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}

/** Resolves when the connection is given up: the browser goes on by itself after most losses, and sends `Last-Event-ID` then. */
function oneConnection(tell: (message: LiveMessage) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const source = new EventSource('/api/v1/events');
    let lostAt: number | undefined;
    let isFirst = true;
    let silence: ReturnType<typeof setTimeout>;
    const finish = (): void => {
      clearTimeout(silence);
      source.close();
      resolve();
    };
    const lose = (): void => {
      lostAt ??= Date.now();
      tell({ type: 'lost', since: lostAt });
    };
    // A connection may be dead without either end being told.
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        lose();
        finish();
      }, SILENT_AT_MOST_MS);
    };
    heard();
    signal.addEventListener('abort', finish, { once: true });
    source.onopen = () => {
      lostAt = undefined;
      heard();
      tell({ type: 'connected' });
      // A new connection begins without a past: what came before it is fetched, now that nothing more is missed.
      if (isFirst) tell({ type: 'resync' });
      isFirst = false;
    };
    source.onerror = () => {
      lose();
      if (source.readyState === EventSource.CLOSED) finish();
    };
    source.addEventListener('ping', heard);
    source.addEventListener('resync', () => {
      heard();
      tell({ type: 'resync' });
    });
    for (const kind of LIVE_KINDS)
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
        heard();
        tell({ type: 'event', kind, data: JSON.parse(data) as Record<string, unknown> });
      });
  });
}
