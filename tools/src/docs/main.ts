import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { asyncApi } from './asyncapi.js';
import { decisionsIndex } from './decisions-index.js';
import { settingsPage } from './settings-page.js';

const checkout = join(import.meta.dirname, '..', '..', '..');

/** The documents that are generated from the code, by path. */
async function documents(): Promise<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const options = (await resolveConfig(join(checkout, 'package.json'))) ?? {};
  return {
    'docs/asyncapi.json': await format(JSON.stringify(asyncApi(version)), {
      ...options,
      parser: 'json',
    }),
    'docs/decisions/README.md': await format(decisionsIndex(join(checkout, 'docs', 'decisions')), {
      ...options,
      parser: 'markdown',
    }),
    'docs/man/backup-awareness.1': manual(),
    'docs/settings.md': await format(settingsPage(), { ...options, parser: 'markdown' }),
  };
}

/** The command line makes its manual page of its own help. */
function manual(): string {
  const program = fileURLToPath(import.meta.resolve('@backup-awareness/cli/program'));
  return execFileSync(process.execPath, [program, 'completion', 'manual'], { encoding: 'utf8' });
}

/** Writes them, or with `--check` names those that are out of date. */
const isCheck = process.argv.includes('--check');
for (const [path, text] of Object.entries(await documents())) {
  const file = join(checkout, path);
  if (!isCheck) {
    writeFileSync(file, text);
    continue;
  }
  let current = '';
  try {
    current = readFileSync(file, 'utf8');
  } catch {
    // A missing document is out of date, too.
  }
  if (current === text) continue;
  process.stderr.write(`${path} is out of date; npm run docs updates it\n`);
  process.exitCode = 1;
}
