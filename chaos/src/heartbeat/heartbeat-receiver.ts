import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a heartbeat said, and when: milliseconds of a monotonic clock. */
export interface Beat {
  readonly atMs: number;
  /** Why something is not proven; null: all is well. */
  readonly reason: string | null;
}

export interface HeartbeatReceiver {
  readonly url: string;
  /** All so far, in order. */
  readonly beats: readonly Beat[];
  close(): Promise<void>;
}

/** The service that a heartbeat is sent to. */
export async function heartbeatReceiver(): Promise<HeartbeatReceiver> {
  const beats: Beat[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const reason = request.url === '/ping/fail' ? body : null;
      beats.push({ atMs: performance.now(), reason });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`,
    beats,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
