import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'api-docs';

/** Copied at bundling: next to the bundled program, else in the dist of this package. */
const PLACES = [
  join(import.meta.dirname, FOLDER),
  join(import.meta.dirname, '..', '..', 'dist', FOLDER),
];

/** The page for the API, from files of our own: it needs no network. */
export function serveApiDocs(
  server: FastifyInstance,
  identifyOrAnswer: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): void {
  const root = PLACES.find((place) => existsSync(place));
  if (root === undefined) return;
  void server.register(async (scope) => {
    scope.addHook('onRequest', identifyOrAnswer);
    await scope.register(fastifyStatic, {
      root,
      prefix: '/api/docs',
      redirect: true,
      decorateReply: false,
    });
  });
}
