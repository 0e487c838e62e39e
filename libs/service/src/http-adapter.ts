import { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * The server for health and metrics. Closes its connections when the service stops. Its routes cannot have schemas of Fastify's.
 *
 * By default it would wait for a request in flight, and then for as long as the client keeps the connection open: more than a minute in
 * which the service neither works nor ends.
 */
export function httpAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    forceCloseConnections: true,
    // In place of two compilers that Fastify would load into every service (tools/bundle-services.mjs leaves them out).
    schemaController: { compilersFactory: { buildValidator: refuse, buildSerializer: refuse } },
  });
}

function refuse(): never {
  throw new Error('expected a route without a schema of Fastify’s: what comes is parsed by zod');
}
