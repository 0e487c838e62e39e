import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENTS, WEBHOOK_EVENTS } from '@backup-awareness/contracts';
import openapiTypes, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { asyncApi } from './asyncapi.js';
import { decisionsIndex } from './decisions-index.js';
import { eventSchema } from './event-schema.js';
import { documentFaults } from './faults/document-faults.js';
import { backupAwarenessDashboard } from './grafana/backup-awareness.js';
import { messagesPage } from './messages-page.js';
import { settingsPage } from './settings-page.js';

const checkout = join(import.meta.dirname, '..', '..', '..');

/** The schemas of the last release, with which a spec compares those of today. */
const RELEASED = 'docs/schemas/released.json';

const SCHEMAS = [...EVENTS, ...WEBHOOK_EVENTS].map(
  (event) => [event.name, eventSchema(event)] as const,
);

/** A document that is generated from the code. */
interface Document {
  readonly path: string;
  readonly text: string;
  /** How it is formatted; undefined: it stays as it is. */
  readonly parser?: 'json' | 'markdown' | 'html' | 'typescript';
}

async function documents(version: string): Promise<Document[]> {
  const decisions = decisionsIndex(join(checkout, 'docs', 'decisions'));
  const openApi = printed('@backup-awareness/console/print-open-api');
  return [
    json('deploy/grafana/backup-awareness.json', backupAwarenessDashboard()),
    json('docs/asyncapi.json', asyncApi(version)),
    { path: 'docs/openapi.json', text: openApi, parser: 'json' },
    {
      path: 'apps/console-web/src/api/schema.d.ts',
      text: astToString(await openapiTypes(openApi, { defaultNonNullable: false })),
      parser: 'typescript',
    },
    ...SCHEMAS.map(([name, schema]) => json(`docs/schemas/${name}/1.json`, schema)),
    { path: 'docs/messages.html', text: messagesPage(version), parser: 'html' },
    { path: 'docs/decisions/README.md', text: decisions, parser: 'markdown' },
    {
      path: 'docs/man/backup-awareness.1',
      text: printed('@backup-awareness/cli/program', ['completion', 'manual']),
    },
    { path: 'docs/settings.md', text: settingsPage(), parser: 'markdown' },
  ];
}

function released(version: string): Document {
  return json(RELEASED, { version, schemas: Object.fromEntries(SCHEMAS) });
}

function json(path: string, value: object): Document {
  return { path, text: JSON.stringify(value), parser: 'json' };
}

/** What a program of another package prints: the command line its manual page, the console its OpenAPI document. */
function printed(program: string, args: readonly string[] = []): string {
  const file = fileURLToPath(import.meta.resolve(program));
  return execFileSync(process.execPath, [file, ...args], { encoding: 'utf8' });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Writes the documents, or with `--check` names those that are out of date. With `--release`, at a release, also keeps its schemas for
 * later ones to be compared with.
 */
const isCheck = process.argv.includes('--check');
const isRelease = process.argv.includes('--release');
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
const options = (await resolveConfig(join(checkout, 'package.json'))) ?? {};
const faults: string[] = [];
for (const document of [...(await documents(version)), ...(isRelease ? [released(version)] : [])]) {
  const { path, parser } = document;
  const text = parser ? await format(document.text, { ...options, parser }) : document.text;
  const file = join(checkout, path);
  if (!isCheck) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (readIfThere(file) !== text) {
    faults.push(`${path} is out of date; npm run docs updates it`);
  }
}
if (isCheck) faults.push(...documentFaults(checkout));
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
