import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { removeTrialHost, trialCommandAnywhere, trialRoot, writeTrialHost } from './trial-host.js';

let base: string;
let runDirectory: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'trial-host-'));
  runDirectory = join(base, "it's a run");
  mkdirSync(runDirectory);
});
afterEach(() => rmSync(base, { recursive: true }));

const configuration = () =>
  join(trialRoot(runDirectory), 'etc/ovirt-engine-backup/backup-awareness.conf');

describe('the command for a trial', () => {
  let broker: TestBroker;
  beforeAll(async () => void (broker = await createTestBroker()));
  afterAll(() => broker.drop());

  it('reports both scopes of this host, from any folder', async () => {
    const connection = await connect(broker.amqpUrl);
    try {
      const channel = await connection.createChannel();
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, 'ovirt.engine-backup', '#');
      writeTrialHost(runDirectory, {
        fqdn: 'host.example.com',
        amqpUrl: broker.amqpUrl,
        certificates: {},
      });
      const { stderr } = await promisify(execFile)(
        'sh',
        ['-c', trialCommandAnywhere(runDirectory)],
        {
          cwd: base,
        },
      );
      expect(stderr).toBe('');
      const reports = [await channel.get(queue), await channel.get(queue)].map((message) =>
        JSON.parse(String(message && message.content)),
      );
      expect(reports).toMatchObject(
        ['db', 'files'].map((scope) => ({
          type: 'org.ovirt.ENGINE_BACKUP_COMPLETED',
          data: { scope, status: 1, fqdn: 'host.example.com' },
        })),
      );
    } finally {
      await connection.close();
    }
  });
});

describe('the configuration for a trial', () => {
  const amqpUrl = 'amqps://user%40a:pass%23word@broker.example.com:5671/vhost?heartbeat=10';

  it('has user and password apart from the URL, for its owner only', () => {
    writeTrialHost(runDirectory, { fqdn: 'host', amqpUrl, certificates: {} });
    expect(readFileSync(configuration(), 'utf8').split('\n')).toEqual([
      'BROKER_URL=amqps://broker.example.com:5671/vhost',
      'BROKER_USER=user@a',
      'BROKER_PASSWORD=pass#word',
      'FQDN=host',
      '',
    ]);
    expect(statSync(configuration()).mode & 0o777).toBe(0o600);
  });

  it('has the certificates that the broker needs', () => {
    const given = join(base, 'given.pem');
    writeFileSync(given, 'an authority\n');
    const certificates = { AMQP_CA_FILE: given, AMQP_CERT: 'a certificate' };
    writeTrialHost(runDirectory, { fqdn: 'host', amqpUrl, certificates });
    const text = readFileSync(configuration(), 'utf8');
    const fileOf = (key: string) => text.split('\n').find((line) => line.startsWith(`${key}=`))!;
    const contentOf = (key: string) => readFileSync(fileOf(key).slice(key.length + 1), 'utf8');
    expect(contentOf('BROKER_CA_FILE')).toBe('an authority\n');
    expect(contentOf('BROKER_CERT_FILE')).toBe('a certificate\n');
    expect(text).not.toContain('BROKER_KEY_FILE');
  });

  it('is removed with its password, and reports in the spool stay', () => {
    writeTrialHost(runDirectory, { fqdn: 'host', amqpUrl, certificates: {} });
    const report = join(trialRoot(runDirectory), 'var');
    mkdirSync(report);
    removeTrialHost(runDirectory);
    removeTrialHost(runDirectory);
    expect([existsSync(configuration()), existsSync(report)]).toEqual([false, true]);
  });
});
