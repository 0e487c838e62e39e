import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The first words of addresses that are not the page's. */
const NOT_THE_PAGE = /^(api|assets|badge|health|metrics|sign-in)(\/|$)/i;

const NOT_BUILT =
  'The page of the console was not built: run "npm run build" in the checkout, then start the console again.\n' +
  'The API works without it: GET /api/v1/openapi.json describes it.\n';

/**
 * Serves the files of the page, for which nobody has to sign in: `index.html` for each address of the page, since the page itself tells its
 * addresses apart.
 *
 * @param folder the built page, with its files compressed beside them; without one, its addresses say so
 */
export function servePage(server: FastifyInstance, folder: string): void {
  const isBuilt = existsSync(join(folder, 'index.html'));
  const files = new Set(isBuilt ? filesBeside(folder) : []);
  // In a scope of its own, so that others may register the plugin, too.
  void server.register(async (scope) => {
    if (isBuilt) {
      await scope.register(fastifyStatic, {
        root: folder,
        serve: false,
        preCompressed: true,
        dotfiles: 'ignore',
      });
      scope.get<{ Params: { '*': string } }>('/assets/*', ({ params }, reply) =>
        // Their names have a hash of their content in them.
        reply.sendFile(`assets/${params['*']}`, { maxAge: '365d', immutable: true }),
      );
    }
    scope.get<{ Params: { '*': string } }>('/*', ({ params }, reply) => {
      const path = params['*'];
      if (NOT_THE_PAGE.test(path) || path.startsWith('/')) return reply.callNotFound();
      if (!isBuilt) return reply.status(404).type('text/plain; charset=utf-8').send(NOT_BUILT);
      void reply.header('cache-control', 'no-cache');
      return reply.sendFile(files.has(path) ? path : 'index.html', { cacheControl: false });
    });
  });
}

/** Such as an icon: files that are not assets. */
function filesBeside(folder: string): string[] {
  return readdirSync(folder).filter(
    (name) => statSync(join(folder, name)).isFile() && !/\.(br|gz)$/.test(name),
  );
}
