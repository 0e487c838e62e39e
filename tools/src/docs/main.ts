import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EVENTS } from '@backup-awareness/contracts';
import { format, resolveConfig } from 'prettier';
import { asyncApi } from './asyncapi.js';
import { decisionsIndex } from './decisions-index.js';
import { eventSchema } from './event-schema.js';
import { backupAwarenessDashboard } from './grafana/backup-awareness.js';
import { messagesPage } from './messages-page.js';
import { settingsPage } from './settings-page.js';
import { documentFaults } from './faults/document-faults.js';

const checkout = join(import.meta.dirname, '..', '..', '..');

/** The schemas of the last release, with which a spec compares those of today. */
const RELEASED = 'docs/schemas/released.json';

/** A document that is generated from the code. */
interface Document {
  readonly path: string;
  readonly text: string;
  readonly parser: 'json' | 'markdown' | 'html';
}

function documents(version: string): Document[] {
  return [
    json('deploy/grafana/backup-awareness.json', backupAwarenessDashboard()),
    json('docs/asyncapi.json', asyncApi(version)),
    ...EVENTS.map((event) => json(`docs/schemas/${event.name}/1.json`, eventSchema(event))),
    { path: 'docs/messages.html', text: messagesPage(version), parser: 'html' },
    {
      path: 'docs/decisions/README.md',
      text: decisionsIndex(join(checkout, 'docs', 'decisions')),
      parser: 'markdown',
    },
    { path: 'docs/settings.md', text: settingsPage(), parser: 'markdown' },
  ];
}

function released(version: string): Document {
  const schemas = Object.fromEntries(EVENTS.map((event) => [event.name, eventSchema(event)]));
  return json(RELEASED, { version, schemas });
}

function json(path: string, value: object): Document {
  return { path, text: JSON.stringify(value), parser: 'json' };
}

/**
 * Writes the documents, or with `--check` names those that are out of date. With `--release`, at a release, also keeps its schemas for
 * later ones to be compared with.
 */
const isCheck = process.argv.includes('--check');
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
const options = (await resolveConfig(join(checkout, 'package.json'))) ?? {};
const all = [
  ...documents(version),
  ...(process.argv.includes('--release') ? [released(version)] : []),
];
for (const { path, text: unformatted, parser } of all) {
  const file = join(checkout, path);
  const text = await format(unformatted, { ...options, parser });
  if (!isCheck) {
    mkdirSync(dirname(file), { recursive: true });
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
if (isCheck)
  for (const fault of documentFaults(checkout)) {
    process.stderr.write(`${fault}\n`);
    process.exitCode = 1;
  }
