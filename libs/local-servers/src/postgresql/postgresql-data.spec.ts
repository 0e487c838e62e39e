import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  disposeRunDirectory,
  openTemporaryRunDirectory,
} from '../run-directory/temporary-run-directory.js';
import { startPostgresql } from './postgresql.js';
import { openRunDirectory } from '../run-directory/run-directory.js';
import { stopRecorded } from '../processes/stop-process.js';

const isRoot = process.getuid?.() === 0;

let base: string;
let path: string;
let data: string;
beforeAll(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'postgresql-data-')));
  path = join(base, 'run');
  await onDatabase(path, 'CREATE TABLE kept AS SELECT 42 AS n', { temporary: true });
  data = join(realpathSync(join(path, 'postgresql')), 'data');
}, 60_000);
afterAll(async () => {
  rmSync(base, { recursive: true });
  // It was made as temporary, and its run directory is gone: now it is removed.
  await disposeRunDirectory(await openTemporaryRunDirectory());
  expect(existsSync(data)).toBe(false);
}, 60_000);

/** Starts PostgreSQL in this run directory, runs a statement, and stops it. Resolves with its values and all output. */
async function onDatabase(
  folder: string,
  sql: string,
  options: { temporary?: true } = {},
): Promise<{ values: unknown[]; said: string[] }> {
  const runDirectory = await openRunDirectory(folder, options);
  const said: string[] = [];
  try {
    const { databaseUrl } = await startPostgresql(runDirectory, { say: (text) => said.push(text) });
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql);
    await client.end();
    return { values: rows.flatMap((row) => Object.values(row)), said };
  } finally {
    await stopRecorded(runDirectory.processes);
    runDirectory.close();
  }
}

async function expectKept(folder: string): Promise<void> {
  expect((await onDatabase(folder, 'SELECT n FROM kept')).values).toEqual([42]);
}

const copy = (from: string, to: string): void => void execFileSync('cp', ['-a', from, to]);
const tree = (): string => execFileSync('ls', ['-laR', '--time-style=full-iso', data]).toString();

describe('the database of a run directory', () => {
  it('is found when the run directory was moved', async () => {
    const moved = join(base, 'elsewhere', 'run');
    mkdirSync(join(base, 'elsewhere'));
    renameSync(path, moved);
    await expectKept(moved);
    renameSync(moved, path);
  }, 60_000);

  it('is found when the run directory was moved to another file system', async () => {
    copy(path, `${path}-copy`);
    rmSync(path, { recursive: true });
    await expectKept(`${path}-copy`);
    renameSync(`${path}-copy`, path);
  }, 60_000);

  it('is found through a symbolic link to the run directory', async () => {
    symlinkSync(path, join(base, 'link'));
    await expectKept(join(base, 'link'));
  }, 60_000);

  it('is never shared by a run directory and its copy', async () => {
    copy(path, `${path}-copy`);
    if (isRoot) {
      await expect(onDatabase(`${path}-copy`, 'SELECT 1')).rejects.toThrow(
        `${path}-copy is a copy of ${path}, and the database in ${join(data, '..')} belongs to that one`,
      );
    } else {
      await onDatabase(`${path}-copy`, 'DROP TABLE kept');
    }
    rmSync(`${path}-copy`, { recursive: true });
    await expectKept(path);
  }, 60_000);

  it('keeps running when its run directory is copied', async () => {
    const runDirectory = await openRunDirectory(path);
    const postgresql = await startPostgresql(runDirectory);
    copy(path, `${path}-copy`);
    await expect(openRunDirectory(`${path}-copy`)).rejects.toThrow(
      `${path}-copy is a copy of the run directory that process ${process.pid} is using`,
    );
    // As if the process that had it open had ended and left its servers running.
    rmSync(join(`${path}-copy`, 'lock'));
    const copied = await openRunDirectory(`${path}-copy`);
    expect(copied.processes.running()).toEqual([]);
    copied.close();
    rmSync(`${path}-copy`, { recursive: true });
    expect(postgresql.pid).toBeDefined();
    await stopRecorded(runDirectory.processes);
    runDirectory.close();
  }, 60_000);

  it('is not opened by a second server while an unrecorded one runs', async () => {
    const runDirectory = await openRunDirectory(path);
    const { pid } = await startPostgresql(runDirectory);
    rmSync(join(path, 'lock'));
    renameSync(join(path, 'processes.json'), join(path, 'aside.json'));
    await expect(onDatabase(path, 'SELECT 1')).rejects.toThrow(
      `process ${pid} already runs PostgreSQL on ${data}`,
    );
    await stopRecorded(runDirectory.processes);
    runDirectory.close();
  }, 60_000);

  it('is not silently replaced while the run directory is not mounted', async () => {
    renameSync(path, `${path}-unmounted`);
    mkdirSync(path, { mode: 0o700 });
    if (isRoot) {
      await expect(onDatabase(path, 'SELECT 1')).rejects.toThrow(
        `one that was created for it is in ${join(data, '..')}. Is the file system of ${path} mounted`,
      );
    } else {
      const { said } = await onDatabase(path, 'SELECT 1');
      expect(said).toEqual([`Created a new, empty database in ${data}.`]);
    }
    rmSync(path, { recursive: true });
    renameSync(`${path}-unmounted`, path);
    await expectKept(path);
  }, 60_000);

  it('is not replaced when its password is lost or damaged', async () => {
    const secrets = join(path, 'secrets.json');
    renameSync(secrets, `${secrets}.aside`);
    await expect(onDatabase(path, 'SELECT 1')).rejects.toThrow('secrets.json');
    writeFileSync(secrets, '{"databaseOwner": "tr');
    await expect(onDatabase(path, 'SELECT 1')).rejects.toThrow(
      `${secrets}: expected an object of strings`,
    );
    renameSync(`${secrets}.aside`, secrets);
    await expectKept(path);
  }, 60_000);

  it.each([
    ['data', () => data, 'which is missing'],
    ['the folder of the data', () => join(data, '..'), 'which is missing'],
  ])(
    'is not replaced when %s is missing',
    async (_what, place, message) => {
      const from = isRoot ? place() : data;
      renameSync(from, join(base, 'aside'));
      await expect(onDatabase(path, 'SELECT 1')).rejects.toThrow(message);
      expect(existsSync(data)).toBe(false);
      renameSync(join(base, 'aside'), from);
    },
    60_000,
  );

  it('is not replaced when it is an empty mount point', async () => {
    renameSync(data, `${data}.aside`);
    mkdirSync(data);
    await expect(onDatabase(path, 'SELECT 1')).rejects.toThrow('there is no PG_VERSION in it');
    rmSync(data, { recursive: true });
    renameSync(`${data}.aside`, data);
  }, 60_000);

  it('is left untouched when another major version of PostgreSQL created it', async () => {
    const version = readFileSync(join(data, 'PG_VERSION'), 'utf8');
    writeFileSync(join(data, 'PG_VERSION'), '17\n');
    writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n`);
    const before = tree();
    await expect(onDatabase(path, 'SELECT 1')).rejects.toThrow(
      `${data} was created by PostgreSQL 17, and this release has PostgreSQL ${version.trim()}`,
    );
    expect(tree()).toBe(before);
    writeFileSync(join(data, 'PG_VERSION'), version);
  }, 60_000);

  it('leaves files of others beside it', async () => {
    const dump = join(data, '..', 'dump.sql');
    writeFileSync(dump, 'mine');
    await expectKept(path);
    expect(readFileSync(dump, 'utf8')).toBe('mine');
  }, 60_000);
});

describe('a clean-up', () => {
  it('removes nothing that was not made as temporary', async () => {
    const kept = join(base, 'kept');
    await onDatabase(kept, 'CREATE TABLE kept AS SELECT 42 AS n');
    const folder = realpathSync(join(kept, 'postgresql'));
    // A run directory that is gone does not make its database temporary.
    renameSync(kept, `${kept}-unmounted`);
    await disposeRunDirectory(await openTemporaryRunDirectory());
    if (isRoot) expect(readdirSync(join(folder, 'data'))).toContain('PG_VERSION');
    renameSync(`${kept}-unmounted`, kept);
    await expectKept(kept);
    const runDirectory = await openRunDirectory(kept);
    await expect(disposeRunDirectory(runDirectory)).rejects.toThrow('not marked as temporary');
    runDirectory.close();
    await expectKept(kept);
    if (!isRoot) return;
    renameSync(kept, `${kept}-unmounted`);
    const { said } = await onDatabase(join(base, 'new'), 'SELECT 1', { temporary: true });
    // One line, however many others there are.
    expect(said.filter((line) => line.includes('missing'))).toEqual([
      expect.stringMatching(
        /^The run directory of \d+ databases? in \/var\/lib\/backup-awareness is missing; docs\/operations\.md /,
      ),
    ]);
    expect(JSON.parse(readFileSync(`${folder}.json`, 'utf8'))).toEqual({ runDirectory: kept });
    rmSync(folder, { recursive: true });
    rmSync(`${folder}.json`);
  }, 60_000);
});
