import {
  createTestBroker,
  createTestDatabase,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../spec/run-command.js';

const FQDN = 'engine.example.com';

let broker: TestBroker;
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  broker = await createTestBroker();
  database = await createTestDatabase();
  await database.owner.query('INSERT INTO engine (fqdn) VALUES ($1)', [FQDN]);
});
afterAll(async () => {
  await database?.drop();
  await broker?.drop();
});
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'loaded-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PACKAGE = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/;

/** All scripts that the command loads, those of Node included, as Node reports them. */
async function scriptsLoadedBy(args: readonly string[]): Promise<string[]> {
  const { stderr } = await runCommand(args, {
    DATABASE_URL: database.ownerUrl,
    AMQP_URL: broker.amqpUrl,
    AMQP_MANAGEMENT_URL: broker.managementUrl,
    NODE_V8_COVERAGE: folder,
  });
  expect(stderr).toBe('');
  return readdirSync(folder).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url);
  });
}

/** The packages from which the command loads modules. */
async function packagesLoadedBy(args: readonly string[]): Promise<string[]> {
  const scripts = await scriptsLoadedBy(args);
  const names = scripts.map((url) => PACKAGE.exec(url)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).toSorted();
}

const HEAVY = ['typeorm', '@nestjs/common', 'rxjs', 'reflect-metadata'];

test('check loads no package: what it needs is in one file', async () =>
  expect(await packagesLoadedBy(['check'])).toEqual([]));

test.each([
  [['status']],
  [['explain', FQDN]],
  [['explain', FQDN, '--at', '1h']],
  [['forecast']],
  [['report', '--month', '2026-01']],
  [['config', '-s', 'BackupAlertPeriodInDays=2', '--preview']],
  [['alerts', 'list']],
  [['audit']],
  [['config', '-a']],
])('%j loads the database’s driver, and neither TypeORM nor NestJS', async (args) => {
  const loaded = await packagesLoadedBy(args);
  expect(loaded).toContain('pg');
  expect(loaded.filter((name) => HEAVY.includes(name))).toEqual([]);
});

test.each([[['alerts', 'list']], [['audit']]])('%j loads no schemas', async (args) =>
  expect(await packagesLoadedBy(args)).not.toContain('zod'),
);

test.each([[['check']], [['status']], [['config', '-a']]])('%j does not load fetch', async (args) =>
  expect(await scriptsLoadedBy(args)).not.toContain('node:internal/deps/undici/undici'),
);

test('dead-letters list loads the broker’s client, and neither TypeORM nor NestJS', async () => {
  const loaded = await packagesLoadedBy(['dead-letters', 'list']);
  expect(loaded).toContain('amqplib');
  expect(loaded.filter((name) => HEAVY.includes(name))).toEqual([]);
});

test('a command that changes something loads TypeORM, and not NestJS', async () => {
  const loaded = await packagesLoadedBy(['engines', 'add', FQDN]);
  expect(loaded.filter((name) => HEAVY.includes(name))).toEqual(['reflect-metadata', 'typeorm']);
});
