import { get } from 'node:http';

/**
 * Asks a server on this machine. Not by `fetch`: what Node loads for it would take 7 MiB of a supervisor for as long as it runs.
 *
 * @param url may have a name and a password in it
 * @throws the network's error, or a time-out
 */
export function httpGet(
  url: string,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly body: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? signal.reason : error);
    get(url, { signal }, (response) => {
      let body = '';
      response
        .setEncoding('utf8')
        .on('data', (text: string) => (body += text))
        .on('end', () => resolve({ status: response.statusCode!, body }))
        .on('error', fail);
    }).on('error', fail);
  });
}
