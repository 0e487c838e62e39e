import type { Certificates } from '@backup-awareness/contracts/plain';
import type { IncomingHttpHeaders } from 'node:http';

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** For `https:`; by default the authorities that Node trusts, and no client certificate. */
  readonly tls?: Certificates | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One HTTP request and its answer; redirects are not followed. It does without `fetch`, which a command would pay for at each
 * run: its first use costs 150 ms of processor time, where `node:http` costs 15.
 *
 * @throws the network's error, or a time-out
 */
export async function httpRequest(
  url: string,
  { method = 'GET', headers = {}, body, timeoutMs, tls }: HttpRequest,
): Promise<HttpAnswer> {
  const isSecure = new URL(url).protocol === 'https:';
  const { request } = isSecure ? await import('node:https') : await import('node:http');
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? signal.reason : error);
    request(url, { ...definedOf(tls), method, headers, signal }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: text }),
        )
        .on('error', fail);
    })
      .on('error', fail)
      .end(body);
  });
}

/** Node takes an undefined key for one. */
function definedOf(tls: Certificates = {}): object {
  return Object.fromEntries(Object.entries(tls).filter(([, pem]) => pem !== undefined));
}
