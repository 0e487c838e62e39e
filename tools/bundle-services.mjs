// Builds each service into a single file, from what tsc has compiled: an idle process that has loaded some thousand files instead
// holds 8 MiB more.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/**
 * What would be loaded though no service uses it: the drivers of other databases, in whose place TypeORM has empty ones for programs in
 * browsers; zod's messages in other languages; and the compilers of Fastify's schemas, without which libs/service starts it.
 */
const unused = {
  name: 'unused',
  setup({ onResolve, onLoad }) {
    const typeorm = dirname(fileURLToPath(import.meta.resolve('typeorm')));
    const { browser } = JSON.parse(readFileSync(join(typeorm, 'package.json'), 'utf8'));
    const emptyDrivers = './browser/platform/BrowserDisabledDriversDummy.js';
    const others = Object.keys(browser).filter(
      (path) => browser[path] === emptyDrivers && !path.includes('/driver/postgres/'),
    );
    const drivers = new Set(others.map((path) => join(typeorm, path.replace('./browser/', ''))));
    const contents = readFileSync(join(typeorm, emptyDrivers), 'utf8');
    onLoad({ filter: /[/]typeorm[/].*[.]js$/ }, ({ path }) =>
      drivers.has(path) ? { contents } : undefined,
    );
    onLoad({ filter: /[/]zod[/]v4[/]locales[/]index[.]js$/ }, () => ({ contents: 'export {};' }));
    onResolve({ filter: /^@fastify[/](ajv|fast-json-stringify)-compiler$/ }, ({ path }) => ({
      path,
      external: true,
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
  plugins: [amqplibInItsPlace, unused, notInstalled],
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

/**
 * Most functions have their names without help. To name them again costs each a description of its own, 2 to 4 MiB in all for a service.
 */
const namesAll = '__name=(target,value)=>__defProp(';
const namesRenamed = '__name=(target,value)=>target.name===value?target:__defProp(';
for (const name of SERVICES) {
  const program = here(`../apps/${name}/dist/program.mjs`);
  const text = readFileSync(program, 'utf8');
  if (!text.includes(namesAll)) throw new Error(`${program}: expected ${namesAll}, got none`);
  writeFileSync(program, text.replace(namesAll, namesRenamed));
}

// The console's page for its API: ours, and the files of Swagger UI that it loads.
const apiDocs = here('../apps/console/dist/api-docs');
rmSync(apiDocs, { recursive: true, force: true });
cpSync(here('../apps/console/api-docs'), apiDocs, { recursive: true });
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt'])
  cpSync(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)), `${apiDocs}/${name}`);
