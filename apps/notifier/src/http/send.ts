import { errorText } from '@backup-awareness/contracts';

export interface Request {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** For the whole answer; 10,000 where not given. */
  readonly timeoutMs?: number;
}

/** What became of a request. Redirects are not followed: where an answer leads is not for it to say. */
export type Sent =
  | { readonly outcome: 'accepted' }
  /** It was understood and refused: the same again would be refused again. */
  | { readonly outcome: 'refused'; readonly error: string; readonly status: number }
  /** Later it may go well. Whether it has arrived is not known, unless `isUnarrived`. */
  | {
      readonly outcome: 'unavailable';
      readonly error: string;
      readonly retryAfterMs: number | undefined;
    };

const ANSWER_WITHIN_MS = 10_000;
const TEXT_SHOWN_MAX = 200;

/** Sends one request. Never throws: what went wrong is told, and never the URL's password. */
export async function send(url: string, request: Request, signal: AbortSignal): Promise<Sent> {
  const timeoutMs = request.timeoutMs ?? ANSWER_WITHIN_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  const { address, authorization } = withoutCredentials(url);
  try {
    const response = await fetch(address, {
      method: request.method ?? 'POST',
      headers: { ...request.headers, ...authorization },
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    return judge(response, await beginningOf(response));
  } catch (error) {
    return {
      outcome: 'unavailable',
      error: timeout.aborted ? `no answer within ${timeoutMs / 1_000} s` : reasonOf(error),
      retryAfterMs: undefined,
    };
  }
}

/** `fetch` takes no URL with a user and a password. */
function withoutCredentials(text: string) {
  const url = new URL(text);
  const { username, password } = url;
  url.username = url.password = '';
  if (username === '' && password === '') return { address: url.href, authorization: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    address: url.href,
    authorization: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  };
}

/** Reads no more than is shown, however much comes. */
async function beginningOf(response: Response): Promise<string> {
  if (!response.body) return '';
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    parts.push(part);
    length += part.length;
    if (length >= 4 * TEXT_SHOWN_MAX) break;
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function judge(response: Response, text: string): Sent {
  const { status, headers } = response;
  if (response.ok) return { outcome: 'accepted' };
  const error = `answered ${status}${shown(text)}`;
  if (status >= 300 && status < 400) {
    const location = headers.get('location');
    const where = location === null ? '' : ` to ${location.slice(0, TEXT_SHOWN_MAX)}`;
    return {
      outcome: 'refused',
      status,
      error: `answered ${status}${where}: redirects are not followed, set the URL to where it leads`,
    };
  }
  if (status >= 500 || status === 408 || status === 429)
    return { outcome: 'unavailable', error, retryAfterMs: retryAfterMs(headers.get('retry-after')) };
  return { outcome: 'refused', status, error };
}

function shown(text: string): string {
  // eslint-disable-next-line no-control-regex -- what comes from elsewhere goes to logs and terminals
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line === '' ? '' : `: ${line.slice(0, TEXT_SHOWN_MAX)}`;
}

const WAIT_MAX_MS = 3_600_000;

/** In seconds or as a date; nobody makes us wait for more than an hour. */
function retryAfterMs(text: string | null): number | undefined {
  if (text === null) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.min(WAIT_MAX_MS, Math.max(0, waitMs));
}

function reasonOf(error: unknown): string {
  const { cause } = error as Error;
  return errorText(cause ?? error);
}
