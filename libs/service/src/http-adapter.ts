import { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * A person may let a download wait for some minutes. A client that reads needs some kB a second: the kernel's buffer is filled again only
 * after much of it was read, and until then nothing moves here.
 */
const STALLED_MS = 5 * 60_000;

/**
 * The server of a service. Closes its connections when the service stops, and those on which nothing moves. Its routes cannot have schemas of
 * Fastify's.
 *
 * By default it would wait for a request in flight, and then for as long as the client keeps the connection open: more than a minute in
 * which the service neither works nor ends. And a client that reads no more of an answer would keep it here for ever.
 *
 * @param stalledMs after so long without a byte in either direction a connection is cut; an answer is then incomplete, as the client sees
 */
export function httpAdapter(stalledMs = STALLED_MS): FastifyAdapter {
  return new FastifyAdapter({
    forceCloseConnections: true,
    connectionTimeout: stalledMs,
    // In place of two compilers that Fastify would load into every service (tools/bundle-services.mjs leaves them out).
    schemaController: { compilersFactory: { buildValidator: refuse, buildSerializer: refuse } },
  });
}

function refuse(): never {
  throw new Error('expected a route without a schema of Fastify’s: what comes is parsed by zod');
}
