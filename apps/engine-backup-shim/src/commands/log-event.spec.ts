import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import type { TestBroker } from '@backup-awareness/testing';
import { parseEngineBackupReport } from '@backup-awareness/contracts';
import { arrivedReports } from '../../test/helpers/arrived-reports.js';
import {
  brokerKeys,
  PROGRAM,
  runProgram,
  type EngineHost,
} from '../../test/helpers/engine-host.js';
import { useEngineHost } from '../../test/helpers/use-engine-host.js';

const SILENT_SUCCESS = { code: 0, signal: null, stdout: '', stderr: '' };
const SUCCESS = ['log-event', '--scope', 'db', '--status', '1'];

let broker: TestBroker;
let host: EngineHost;
useEngineHost('Engine.Example.com.', (it) => ({ broker, host } = it));

describe('log-event', () => {
  it('delivers the event before it exits, and leaves nothing in the spool', async () => {
    const when = ['--done-at', '2026-11-23T01:10:42+01:00', '--run-id', 'run-1'];
    const what = ['--output-message', 'Backup Finished', '--log-path', '/var/log/b.log'];
    expect(await host.shim([...SUCCESS, ...when, ...what])).toEqual(SILENT_SUCCESS);
    expect(host.spooled()).toEqual([]);
    const [report, ...others] = await arrivedReports(broker);
    expect(others).toEqual([]);
    expect(report).toMatchObject({
      routingKey: 'ENGINE_BACKUP_COMPLETED.db',
      properties: {
        contentType: 'application/cloudevents+json',
        messageId: report!.event.id,
        type: 'ENGINE_BACKUP_COMPLETED',
        appId: 'engine-backup-shim',
        userId: new URL(broker.amqpUrl).username,
        deliveryMode: 2,
      },
      event: {
        specversion: '1.0',
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/),
        source: '/ovirt/engines/engine.example.com',
        type: 'org.ovirt.ENGINE_BACKUP_COMPLETED',
        subject: 'db',
        time: '2026-11-23T01:10:42+01:00',
        data: {
          scope: 'db',
          done_at: '2026-11-23T01:10:42+01:00',
          status: 1,
          output_message: 'Backup Finished',
          fqdn: 'engine.example.com',
          log_path: '/var/log/b.log',
          run_id: 'run-1',
        },
      },
    });
  });

  it('has one trace for all reports of a run, and another for another run', async () => {
    const runs = [
      ['run-1', '0', 'db'],
      ['run-1', '1', 'files'],
      ['run-2', '1', 'db'],
    ] as const;
    for (const [run, status, scope] of runs)
      await host.shim(['log-event', '--scope', scope, '--status', status, '--run-id', run]);
    const [started, completed, other] = await arrivedReports(broker);
    expect(started!.event.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(completed!.event.traceparent).toBe(started!.event.traceparent);
    expect(other!.event.traceparent).not.toBe(started!.event.traceparent);
  });

  it.each([
    [
      'takes the trace of its environment',
      '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    ],
    ['makes a trace if that of its environment is invalid', '00-invalid'],
  ])('%s', async (_, given) => {
    const environment = { TRACEPARENT: given };
    expect(await host.shim(SUCCESS, { environment })).toEqual(SILENT_SUCCESS);
    const [report] = await arrivedReports(broker);
    const made = /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/;
    expect(report!.event.traceparent).toEqual(
      given.length === 55 ? given : expect.stringMatching(made),
    );
  });

  it('also accepts the six parameters of LogEngineBackupEvent in order', async () => {
    const six = ['db', '2026-11-23T00:00:00Z', '-1', '-no space', 'other.example.com', '/log'];
    expect(await host.shim(['log-event', ...six])).toEqual(SILENT_SUCCESS);
    const [report] = await arrivedReports(broker);
    expect(report!.routingKey).toBe('ENGINE_BACKUP_FAILED.db');
    expect(report!.event.data).toEqual({
      scope: 'db',
      done_at: '2026-11-23T00:00:00Z',
      status: -1,
      output_message: '-no space',
      fqdn: 'other.example.com',
      log_path: '/log',
    });
  });

  it('is by default about the engine that oVirt has set up on this host', async () => {
    host.configure(brokerKeys(broker.amqpUrl));
    const folder = `${host.root}/etc/ovirt-engine`;
    host.write(`${folder}/engine.conf`, 'ENGINE_FQDN="of-the-main-file.example.com"\n');
    host.write(
      `${folder}/engine.conf.d/10-setup-protocols.conf`,
      '# set up\nENGINE_FQDN=engine-7.example.com\n',
    );
    expect(await host.shim(SUCCESS)).toEqual(SILENT_SUCCESS);
    host.write(`${folder}/engine.conf.d/20-own.conf`, 'ENGINE_FQDN="$(hostname)"\n');
    const { code, stderr } = await host.shim(SUCCESS);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `engine-backup-shim: cannot read oVirt's ENGINE_FQDN: it contains an expansion, "$(…"; the report is about ${hostname()}, the name of this host\n`,
    });
    const fqdns = (await arrivedReports(broker)).map(({ event }) => event.data.fqdn);
    expect(fqdns).toEqual(['engine-7.example.com', hostname().toLowerCase()]);
  });

  it('reads a message from a non-blocking pipe', async () => {
    const nonBlocking =
      'import fcntl, os, subprocess, sys, time\n' +
      'out, into = os.pipe()\n' +
      'fcntl.fcntl(out, fcntl.F_SETFL, os.O_NONBLOCK)\n' +
      'child = subprocess.Popen(sys.argv[1:], stdin=out)\n' +
      'time.sleep(1)\n' +
      'os.write(into, b"no space left")\n' +
      'os.close(into); os.close(out)\n' +
      'sys.exit(child.wait())\n';
    const command = [...SUCCESS, '--root', host.root, '--output-message-file', '-'];
    const ended = spawnSync('python3', ['-c', nonBlocking, process.execPath, PROGRAM, ...command]);
    expect({ code: ended.status, stderr: String(ended.stderr) }).toEqual({ code: 0, stderr: '' });
    const [report] = await arrivedReports(broker);
    expect(report!.event.data.output_message).toBe('no space left');
  });

  it.each([
    ['missing', () => '/nowhere/message'],
    ['a folder', () => host.root],
  ])('given the message file is %s, still reports, and says so', async (_, file) => {
    const { code, stdout, stderr } = await host.shim([...SUCCESS, '--output-message-file', file()]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^engine-backup-shim: cannot read the output message: E.*\n$/);
    const [report] = await arrivedReports(broker);
    expect(report!.event.data.output_message).toMatch(/^\[cannot read the output message: E.*\]$/);
  });

  it('sends the report directly to the broker if it cannot be written to the spool', async () => {
    host.write(host.paths.state, 'a file where the folder should be');
    const { code, stderr } = await host.shim(SUCCESS);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /cannot write the report to the spool: .*; it has been delivered/,
      ),
    });
    expect(await arrivedReports(broker)).toHaveLength(1);
    host.configure({ BROKER_URL: 'amqp://127.0.0.1:1', FQDN: 'engine.example.com' });
    const lost = await host.shim(SUCCESS);
    expect(lost).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('; cannot deliver it: '),
    });
  });

  it('takes all as a full backup: db and files, each once', async () => {
    await host.shim(['log-event', '--scope', 'all', '--scope', 'db', '--status', '1']);
    const reports = await arrivedReports(broker);
    expect(reports.map(({ event }) => event.subject)).toEqual(['db', 'files']);
  });

  it('sends a separate event for each scope', async () => {
    await host.shim([...SUCCESS, '--scope', 'files', '--scope', 'grafanadb']);
    const reports = await arrivedReports(broker);
    expect(reports.map(({ event }) => event.subject)).toEqual(['db', 'files', 'grafanadb']);
    expect(new Set(reports.map(({ event }) => event.id)).size).toBe(3);
  });

  it('reads the message from standard input, and replaces invalid characters', async () => {
    const input = Buffer.concat([
      Buffer.from('čau\0'),
      Buffer.from([0xff, 0xe2, 0x82]),
      Buffer.from('\n'),
    ]);
    const args = ['log-event', '--scope', 'db', '--status', '-1', '--output-message-file', '-'];
    expect(await host.shim(args, { input })).toEqual(SILENT_SUCCESS);
    const [report] = await arrivedReports(broker);
    expect(report!.event.data.output_message).toBe('čau\ufffd\ufffd\ufffd\n');
  });

  it('cuts a message at 64 KiB, between two characters, and says so', async () => {
    await host.shim([...SUCCESS, '--output-message-file', '-'], { input: '€'.repeat(50_000) });
    const [report] = await arrivedReports(broker);
    const message = String(report!.event.data.output_message);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(65_536);
    expect(message).toMatch(/^€{21000,}\n\[cut here: the message had 150000 bytes\]$/);
  });

  it.each([
    ['no scope', ['--status', '1'], '--scope is missing'],
    ['a scope in capitals', ['--scope', 'DB', '--status', '1'], '--scope: expected a scope'],
    ['no status', ['--scope', 'db'], '--status: expected -1 (failed), 0 (started) or 1'],
    ['another status', ['--scope', 'db', '--status', '2'], 'got "2"'],
    ['an impossible date', [...SUCCESS.slice(1), '--done-at', '2026-02-30T00:00:00Z'], '--done-at'],
    [
      'a date without an offset',
      [...SUCCESS.slice(1), '--done-at', '2026-02-03T00:00:00'],
      '--done-at',
    ],
    ['a host name with a blank', [...SUCCESS.slice(1), '--fqdn', 'a b'], '--fqdn: expected a host'],
    [
      'a run id of 256',
      [...SUCCESS.slice(1), '--run-id', 'x'.repeat(256)],
      '--run-id: expected at',
    ],
    ['an unknown option', [...SUCCESS.slice(1), '--colour', 'red'], "Unknown option '--colour'"],
  ])('refuses %s in one line with exit code 2, and reports nothing', async (_, args, line) => {
    const { code, stderr, stdout } = await host.shim(['log-event', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^engine-backup-shim: .*\n$/);
    expect(stderr).toContain(line);
    expect(await arrivedReports(broker)).toEqual([]);
  });
});

it('log-event refuses five of the six parameters', async () => {
  const { code, stderr } = await runProgram(['log-event', 'db', 'now', '1', '', 'engine']);
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('output-message, fqdn, log-path in this order, got 5 of them'),
  });
});

describe('a report that tries to be something else', () => {
  const BREAKOUTS = [
    ...[
      '"}',
      '","status":1,"x":"',
      '\\',
      '\\"',
      '\\u0022}',
      '\u2028\u2029',
      '{"specversion":"1.0"}',
    ],
    ...[
      "'; touch /tmp/owned; '",
      '$(touch /tmp/owned)',
      '`touch /tmp/owned`',
      '%s%n%x',
      '--status=1',
    ],
    ...[
      '-1',
      '\r\nBROKER_URL=amqp://elsewhere',
      '\u001b]0;title\u0007',
      '../../etc/passwd',
      '*',
      '~',
    ],
    ...['end', 'backup-awareness-report/1', '😀‮'],
  ];

  it.each(BREAKOUTS)('arrives unchanged: %j', async (text) => {
    const args = ['--output-message', text, '--log-path', text, '--run-id', text];
    const failed = ['log-event', '--scope', 'db', '--status', '-1'];
    expect(await host.shim([...failed, ...args])).toEqual(SILENT_SUCCESS);
    const [message] = await broker.drain('backup-awareness.ingest');
    const { contentType, type, messageId, userId } = message!.properties;
    const report = parseEngineBackupReport({
      body: message!.content,
      exchange: message!.fields.exchange,
      routingKey: message!.fields.routingKey,
      contentType,
      type,
      messageId,
      userId,
      headers: {},
      timestampSeconds: undefined,
    });
    expect(report).toMatchObject({
      ok: true,
      value: {
        scope: 'db',
        isPassed: false,
        fqdn: 'engine.example.com',
        outputMessage: text,
        logPath: text,
        runId: text,
      },
    });
  });
});
