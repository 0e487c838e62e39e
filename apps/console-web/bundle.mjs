// Builds the page, and puts it beside the console's program, with each file that shrinks compressed beside it.
import { cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const page = here('../console/dist/page');

/** Pictures and fonts are compressed already. */
const SHRINKS = /\.(css|html|js|json|svg|txt|webmanifest)$/;
/** What fits in one packet anyway. */
const SMALL_BYTES = 1_024;

await build({ root: here('.'), logLevel: 'warn' });
rmSync(page, { recursive: true, force: true });
cpSync(here('dist'), page, { recursive: true });
for (const name of readdirSync(page, { recursive: true })) {
  const file = join(page, name);
  if (!SHRINKS.test(name) || statSync(file).size < SMALL_BYTES) continue;
  const content = readFileSync(file);
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  );
  writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
}
