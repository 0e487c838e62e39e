import { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * The server for health and metrics, which ends at once when its service does.
 *
 * Left alone it would wait for a probe that is under way at that moment, and after its answer for as long as whoever asked keeps the
 * connection open: more than a minute, in which the service neither works nor ends.
 */
export function httpAdapter(): FastifyAdapter {
  return new FastifyAdapter({ forceCloseConnections: true });
}
