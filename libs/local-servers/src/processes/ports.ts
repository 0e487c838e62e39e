import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range that the kernel takes outgoing connections' ports from, so that none of those takes ours while we are down.
const FIRST = 20_000;
const LAST = 32_000;
const givenOut = new Set<number>();

/** A port that is free on loopback: the preferred one if it can be had. Not given out twice by one process. */
export async function freePort(preferred?: number): Promise<number> {
  const candidates = Array.from({ length: 100 }, () => randomInt(FIRST, LAST));
  for (const port of preferred === undefined ? candidates : [preferred, ...candidates]) {
    if ((port === preferred || !givenOut.has(port)) && (await isFree(port))) {
      givenOut.add(port);
      return port;
    }
  }
  throw new Error(`no free port between ${FIRST} and ${LAST} on 127.0.0.1`);
}

/** Whether something could listen on this port of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
