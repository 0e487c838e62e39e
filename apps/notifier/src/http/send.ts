import {
  request as requestInPlain,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as requestByTls } from 'node:https';
import { errorText } from '@backup-awareness/contracts';
import { deadline } from '../deadline.js';

export interface Request {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The certificate, in PEM, of the authority that signed the server's certificate. */
  readonly ca?: string | undefined;
  /** Whether the path of the URL is a secret: errors do not show it, even where the receiver's answer quotes it. */
  readonly isPathSecret?: boolean;
  /** For the whole answer; 10,000 by default. */
  readonly timeoutMs?: number;
}

/** The outcome of a request. Redirects are not followed: the receiver must not choose where requests go. */
export type Sent =
  | {
      readonly outcome: 'accepted';
      /** The server's time in milliseconds since 1970, if its answer has a `Date` header. */
      readonly answeredAt?: number;
    }
  /** Understood and refused: a retry would be refused again. */
  | { readonly outcome: 'refused'; readonly error: string; readonly status: number }
  /** A retry may succeed. It may have arrived, unless `isUnarrived`. */
  | {
      readonly outcome: 'unavailable';
      readonly error: string;
      readonly retryAfterMs: number | undefined;
    };

const ANSWER_WITHIN_MS = 10_000;
const TEXT_SHOWN_MAX = 200;

/** Sends one request. Never throws: the outcome has the error, without the URL's password. */
export async function send(url: string, request: Request, signal: AbortSignal): Promise<Sent> {
  const timeoutMs = request.timeoutMs ?? ANSWER_WITHIN_MS;
  const time = deadline(timeoutMs, signal);
  try {
    const answered = await exchange(url, request, time.signal);
    return judge(request.isPathSecret ? withoutPath(answered, new URL(url)) : answered);
  } catch (error) {
    return {
      outcome: 'unavailable',
      error: time.isOver() ? `no answer within ${timeoutMs / 1_000} s` : errorText(error),
      retryAfterMs: undefined,
    };
  } finally {
    time.end();
  }
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Only as much of the body as is shown, whatever its size. */
  readonly text: string;
}

/** Not with `fetch`, which cannot use a custom authority. Each request has its own connection: a reused one may have been closed. */
function exchange(address: string, request: Request, signal: AbortSignal): Promise<Answered> {
  const url = new URL(address);
  const { username, password, protocol } = url;
  const auth = username === '' && password === '' ? {} : { auth: credentials(username, password) };
  url.username = url.password = '';
  const open = protocol === 'https:' ? requestByTls : requestInPlain;
  return new Promise((resolve, reject) => {
    const { method = 'POST', headers = {}, ca } = request;
    const length = request.body === undefined ? 0 : Buffer.byteLength(request.body);
    const outgoing = open(url, {
      method,
      headers: { ...headers, 'content-length': length },
      ...auth,
      ...(ca === undefined ? {} : { ca }),
      agent: false,
      signal,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      response.on('error', () => undefined);
      // Do not wait for the body of a success.
      if (isSuccess(status)) {
        resolve({ status, headers, text: '' });
        outgoing.destroy();
        return;
      }
      beginningOf(response).then((text) => resolve({ status, headers, text }), reject);
    });
    outgoing.end(request.body);
  });
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function credentials(username: string, password: string): string {
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length >= 4 * TEXT_SHOWN_MAX) break;
  }
  return Buffer.concat(parts).toString();
}

function judge({ status, headers, text }: Answered): Sent {
  if (isSuccess(status)) {
    const answeredAt = Date.parse(headers.date ?? '');
    return { outcome: 'accepted', ...(Number.isNaN(answeredAt) ? {} : { answeredAt }) };
  }
  const error = `answered ${status}${shown(text)}`;
  if (status >= 300 && status < 400) {
    const { location } = headers;
    const where = location === undefined ? '' : ` to ${location.slice(0, TEXT_SHOWN_MAX)}`;
    return {
      outcome: 'refused',
      status,
      error: `answered ${status}${where}: redirects are not followed, set the URL to the target`,
    };
  }
  if (status >= 500 || status === 408 || status === 429)
    return { outcome: 'unavailable', error, retryAfterMs: retryAfterMs(headers['retry-after']) };
  return { outcome: 'refused', status, error };
}

/** Shorter ones are no secrets, and occur in any text. */
const SECRET_MIN_LENGTH = 4;

/** What an answer shows, without any part of the path and the query, as they are sent and as a receiver decodes them. */
function withoutPath({ status, headers, text }: Answered, url: URL): Answered {
  const segments = url.pathname.split('/');
  const values = [...url.searchParams.values()];
  const secrets = [
    ...segments,
    ...segments.map(decoded),
    ...values,
    ...values.map(encodeURIComponent),
  ]
    .filter((part) => part.length >= SECRET_MIN_LENGTH)
    .sort((a, b) => b.length - a.length);
  const hidden = (shown: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), shown);
  const { location } = headers;
  return {
    status,
    headers: { ...headers, ...(location !== undefined && { location: hidden(location) }) },
    text: hidden(text),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function shown(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line === '' ? '' : `: ${line.slice(0, TEXT_SHOWN_MAX)}`;
}

const WAIT_MAX_MS = 3_600_000;

/** In seconds or as a date; at most an hour. */
function retryAfterMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.min(WAIT_MAX_MS, Math.max(0, waitMs));
}
