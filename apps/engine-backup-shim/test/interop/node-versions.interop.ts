import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { arrivedReports } from '../helpers/arrived-reports.js';
import { brokerKeys, createEngineHost, type EngineHost } from '../helpers/engine-host.js';

// Versions of Node that an engine host may have: the oldest supported one, and newer ones, from npm's packages of Node.
const VERSIONS = ['18.3.0', '18.20.8', '22.23.3'];

const BOTH = ['FAILED.db', 'FAILED.files', 'STARTED.db', 'STARTED.files'].map(
  (key) => `ENGINE_BACKUP_${key}`,
);

let folder: string;
let broker: TestBroker;
let host: EngineHost;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'node-versions-'));
  broker = await createTestBroker();
});
afterAll(async () => {
  await broker?.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  host = createEngineHost();
});
afterEach(() => host.remove());

/** Installs it with npm. @throws Error with the reason if that fails */
function getNode(version: string): string {
  const name = `node-linux-${process.arch}@${version}`;
  const prefix = join(folder, version);
  try {
    const args = ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--no-save', name];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    throw new Error(`npm cannot get ${name}, which this test needs: ${String(stderr ?? error)}`);
  }
  return join(prefix, `node_modules/node-linux-${process.arch}/bin/node`);
}

describe.each(VERSIONS)('Node %s', (version) => {
  let node: string;
  beforeAll(() => {
    node = getNode(version);
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toBe(`v${version}\n`);
  }, 180_000);

  it('installs, delivers a report, and uninstalls', async () => {
    const environment = { ...brokerKeys(broker.amqpUrl), FQDN: 'engine.example.com' };
    expect(await host.shim(['install'], { node, environment })).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/accepts reports of this host/),
    });
    const report = ['log-event', '--scope', 'db', '--status', '1', '--output-message', version];
    expect(await host.shim(report, { node })).toMatchObject({ code: 0, stderr: '' });
    const [arrived, ...others] = await arrivedReports(broker);
    expect(arrived).toMatchObject({ event: { data: { output_message: version } } });
    expect(others).toEqual([]);
    expect(await host.shim(['uninstall'], { node })).toMatchObject({ code: 0, stderr: '' });
  });

  it('runs a command, and delivers pending reports', async () => {
    host.configure({ FQDN: 'engine.example.com', BROKER_URL: 'amqp://127.0.0.1:1' });
    const command = ['run', '--scope', 'db,files', '--', 'sh', '-c', 'exit 4'];
    expect(await host.shim(command, { node })).toMatchObject({ code: 4, stderr: '' });
    expect((await host.shim(['pg-dump-args'], { node })).stdout).toMatch(
      /^(--exclude-table-data=public\.\w+\n){9}$/,
    );
    host.configure({ ...brokerKeys(broker.amqpUrl), FQDN: 'engine.example.com' });
    const arrived: string[] = [];
    // A detached delivery may still be in progress.
    await eventually(async () => {
      await host.shim(['flush'], { node });
      arrived.push(...(await arrivedReports(broker)).map(({ routingKey }) => routingKey));
      expect(arrived.sort()).toEqual(BOTH);
    }, 45_000);
  });
});
