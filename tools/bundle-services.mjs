// Builds each service into a single file, from what tsc has compiled: an idle process that has loaded some thousand files instead
// holds 8 MiB more.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { SERVICES } from './setup/services.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Nest and TypeORM try to load packages of features that we do not use: what is not installed stays a call of `require` or `import`. */
const notInstalled = {
  name: 'not-installed',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === notInstalled) return undefined;
      const found = await bundler.resolve(path, { ...from, pluginData: notInstalled });
      return found.errors.length === 0 ? found : { path, external: true };
    });
  },
};

/**
 * libs/messaging wraps functions of amqplib's own files before anything else loads it. So amqplib stays outside, and is loaded where it is
 * imported: an import that esbuild leaves in the file would be the first thing that runs.
 */
const amqplibInItsPlace = {
  name: 'amqplib-in-its-place',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^amqplib$/ }, ({ path, namespace }) =>
      namespace === 'outside' ? { path, external: true } : { path, namespace: 'outside' },
    );
    onLoad({ filter: /^amqplib$/, namespace: 'outside' }, () => ({
      contents: `module.exports = require('amqplib');`,
    }));
  },
};

await build({
  entryPoints: SERVICES.map((name) => ({
    in: here(`../apps/${name}/dist/main.js`),
    out: `${name}/dist/program`,
  })),
  outdir: here('../apps'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  plugins: [amqplibInItsPlace, notInstalled],
  // Names stay, in TypeORM's and Nest's messages as in stack traces. Comments do not: the engine would hold them, at two bytes a letter.
  keepNames: true,
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'external',
  // Packages in CommonJS use these. The file is as deep as those of the compiled libraries, which look for a package.json above.
  banner: {
    js: [
      `import { createRequire as requireFrom } from 'node:module';`,
      `import { dirname as folderOf } from 'node:path';`,
      `import { fileURLToPath as pathOf } from 'node:url';`,
      `const require = requireFrom(import.meta.url);`,
      `const __filename = pathOf(import.meta.url);`,
      `const __dirname = folderOf(__filename);`,
    ].join('\n'),
  },
});
