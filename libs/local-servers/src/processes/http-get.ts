import { get } from 'node:http';

/**
 * Asks a server on this machine. Not by `fetch`: what Node loads for it would take 7 MiB of a supervisor for as long as it runs.
 *
 * @param url may have a name and a password in it
 * @throws the network's error, a time-out, or why the signal was aborted
 */
export function httpGet(
  url: string,
  timeoutMs: number,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? signal.reason : error);
    get(url, { headers: options.headers ?? {}, signal }, (response) => {
      let body = '';
      response
        .setEncoding('utf8')
        .on('data', (text: string) => (body += text))
        .on('end', () => resolve({ status: response.statusCode!, body }))
        .on('error', fail);
    }).on('error', fail);
  });
}
