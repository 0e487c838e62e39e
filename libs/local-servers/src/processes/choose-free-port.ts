import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the kernel's range for outgoing connections, so that none of them takes one of our ports while we are down.
const FIRST = 20_000;
const LAST = 32_000;
const handedOut = new Set<number>();

/** A port that is free on loopback: the preferred one if possible. A process never hands out the same one twice. */
export async function chooseFreePort(preferred?: number): Promise<number> {
  const candidates = Array.from({ length: 100 }, () => randomInt(FIRST, LAST));
  for (const port of preferred === undefined ? candidates : [preferred, ...candidates]) {
    if ((port === preferred || !handedOut.has(port)) && (await isFree(port))) {
      handedOut.add(port);
      return port;
    }
  }
  throw new Error(`no free port between ${FIRST} and ${LAST} on 127.0.0.1`);
}

/** Whether this port of 127.0.0.1 is free now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
