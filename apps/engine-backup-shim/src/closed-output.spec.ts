import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { brokerKeys, PROGRAM, type EngineHost } from '../test/helpers/engine-host.js';
import { prepareEngineHost } from '../test/helpers/prepared-host.js';
import { exampleRecord, spoolRecord } from '../test/helpers/reports.js';

let broker: TestBroker;
let host: EngineHost;
beforeAll(async () => {
  broker = await createTestBroker();
});
afterAll(() => broker?.drop());
beforeEach(() => {
  host = prepareEngineHost();
});
afterEach(() => host.remove());

/** As with `2>&1 | true`: the reader closes both streams before the first write. */
const unread = (...args: string[]) =>
  host.shim(args, {
    environment: brokerKeys(broker.amqpUrl),
    started: ({ stdout, stderr }) => {
      stdout!.destroy();
      stderr!.destroy();
    },
  });

describe('when nobody reads its output', () => {
  it('install completes, and so does uninstall', async () => {
    expect(await unread('install')).toMatchObject({ code: 0, signal: null });
    const { paths } = host;
    expect(existsSync(paths.dropIn)).toBe(true);
    const manifest = JSON.parse(readFileSync(paths.manifest, 'utf8')) as { files: object };
    for (const file of Object.keys(manifest.files)) expect(existsSync(file)).toBe(true);
    expect(await unread('uninstall')).toMatchObject({ code: 0, signal: null });
    expect(existsSync(paths.state)).toBe(false);
  });

  it('flush delivers', async () => {
    await unread('install');
    for (const number of [1, 2]) spoolRecord(host, number, exampleRecord());
    expect(await unread('flush')).toMatchObject({ code: 0, signal: null });
    expect(host.spooled()).toEqual([]);
  });

  it.each([
    ['excluded-tables', 0],
    ['pg-dump-args', 0],
    ['log-event --scope db --status 1', 0],
    ['--help', 0],
    ['install --help', 0],
    ['--version', 0],
    ['deliver', 2],
    ['nonsense', 2],
    ['run --scope db -- true', 0],
    ['run --scope db -- ls /nonexistent', 2],
    ['run --scope db -- ls /nonexistent /nonexistent /nonexistent', 2],
  ])('%s exits as usual', async (command, code) => {
    expect(await unread(...command.split(' '))).toMatchObject({ code, signal: null });
  });
});

it('a list that cannot be written completely is a failure', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, 'pg-dump-args', '--root', host.root],
    { stdio: ['ignore', full, 'pipe'], encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  closeSync(full);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/\nengine-backup-shim: cannot write the output: ENOSPC.*\n$/),
  });
});
