import { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * The server for health and metrics. Closes its connections when the service stops.
 *
 * By default it would wait for a request in flight, and then for as long as the client keeps the connection open: more than a minute in
 * which the service neither works nor ends.
 */
export function httpAdapter(): FastifyAdapter {
  return new FastifyAdapter({ forceCloseConnections: true });
}
