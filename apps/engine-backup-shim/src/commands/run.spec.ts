import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { arrivedReports, type ArrivedReport } from '../../test/helpers/arrived-reports.js';
import {
  brokerKeys,
  createEngineHost,
  PROGRAM,
  type EngineHost,
} from '../../test/helpers/engine-host.js';

let broker: TestBroker;
let host: EngineHost;
beforeAll(async () => {
  broker = await createTestBroker();
});
afterAll(() => broker?.drop());
beforeEach(async () => {
  await arrivedReports(broker);
  host = createEngineHost();
  host.configure({ ...brokerKeys(broker.amqpUrl), FQDN: 'engine.example.com' });
});
afterEach(async () => {
  // A detached delivery may still use its folder.
  await eventually(() => expect(claims()).toEqual([]));
  host.remove();
});

const claims = () => host.files(host.paths.state).filter((name) => name.startsWith('delivery.'));
const DB = ['run', '--scope', 'db', '--'];
const sh = (script: string) => [...DB, '/bin/sh', '-c', script];

/** Resolves with the arrived reports once there are `count`. */
async function reports(count: number): Promise<ArrivedReport[]> {
  const all: ArrivedReport[] = [];
  await eventually(async () => {
    all.push(...(await arrivedReports(broker)));
    expect(all).toHaveLength(count);
  });
  return all.toSorted(
    (a, b) => Number(a.event.data.status !== 0) - Number(b.event.data.status !== 0),
  );
}

describe('run', () => {
  it('reports that a command has started and completed, each scope of one run', async () => {
    const args = ['run', '--scope', 'db,files', '--log-path', '/log', '--', 'true'];
    expect(await host.shim(args)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    const all = await reports(4);
    expect(all.map(({ routingKey }) => routingKey)).toEqual([
      'ENGINE_BACKUP_STARTED.db',
      'ENGINE_BACKUP_STARTED.files',
      'ENGINE_BACKUP_COMPLETED.db',
      'ENGINE_BACKUP_COMPLETED.files',
    ]);
    expect(new Set(all.map(({ event }) => event.data.run_id)).size).toBe(1);
    expect(all[0]!.event.data).toMatchObject({ fqdn: 'engine.example.com', log_path: '/log' });
  });

  it('passes input, output and exit code through, and reports the end of stderr', async () => {
    const script = 'cat; echo "no space left" >&2; exit 7';
    expect(await host.shim(sh(script), { input: 'in\0put' })).toEqual({
      code: 7,
      signal: null,
      stdout: 'in\0put',
      stderr: 'no space left\n',
    });
    const [, failed] = await reports(2);
    expect(failed).toMatchObject({
      routingKey: 'ENGINE_BACKUP_FAILED.db',
      event: { data: { status: -1, output_message: 'exit code 7\nno space left\n' } },
    });
  });

  it('passes megabytes of stderr through, and reports their end', async () => {
    const { stderr } = await host.shim(sh('yes € | head -n 1000000 >&2; echo last >&2; exit 1'));
    expect(stderr).toBe(`${'€\n'.repeat(1_000_000)}last\n`);
    const [, failed] = await reports(2);
    const message = String(failed!.event.data.output_message);
    expect(message).toMatch(/^exit code 1\n\[the end of 4000005 bytes\]\n\n?€\n/);
    expect(message.endsWith('€\nlast\n')).toBe(true);
    expect(message).not.toContain('\ufffd');
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(65_536);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGALRM', 'SIGVTALRM', 'SIGPWR'] as const)(
    'passes %s on, ends as the command does, and reports a failure',
    async (signal) => {
      const { signal: endedBy } = await host.shim(sh('echo ready; exec sleep 60'), {
        started: (child) => child.stdout?.once('data', () => child.kill(signal)),
      });
      expect(endedBy).toBe(signal);
      const [, failed] = await reports(2);
      expect(failed!.event.data).toMatchObject({
        status: -1,
        output_message: `terminated by ${signal}`,
      });
    },
  );

  it('loses no report to signals that arrive until it exits', async () => {
    const { code } = await host.shim(
      sh('trap "" TERM; while kill -TERM $PPID; do :; done >/dev/null 2>&1 & exit 3'),
    );
    expect(code).toBe(3);
    const [, failed] = await reports(2);
    expect(failed!.event.data.output_message).toBe('exit code 3');
  });

  it.each(['', '2>&1'])(
    'exits with the command, although a background process keeps stdout and stderr open: sleep %s',
    async (redirection) => {
      let background = 0;
      const { code, ended } = await host.shimUntilExit(
        sh(`sleep 600 ${redirection} & echo $! >'${host.root}/background'; echo last >&2; exit 5`),
      );
      expect(code).toBe(5);
      const [, failed] = await reports(2);
      expect(failed!.event.data.output_message).toBe('exit code 5\nlast\n');
      background = Number(readFileSync(`${host.root}/background`, 'utf8'));
      process.kill(background, 'SIGKILL');
      expect((await ended).stderr).toBe('last\n');
    },
  );

  it('keeps the stderr of background processes open', async () => {
    const script = `(while [ ! -e '${host.root}/go' ]; do sleep 0.1; done; echo later >&2; echo alive >'${host.root}/alive') &
      yes early | head -n 100000 >&2; exit 0`;
    const { code, ended } = await host.shimUntilExit(sh(script));
    expect(code).toBe(0);
    host.write(`${host.root}/go`, '');
    expect((await ended).stderr).toBe(`${'early\n'.repeat(100_000)}later\n`);
    expect(readFileSync(`${host.root}/alive`, 'utf8')).toBe('alive\n');
    await reports(2);
  });

  it('lets the command handle a signal', async () => {
    const script = 'trap "echo bye; exit 3" TERM; echo ready; while :; do sleep 0.1; done';
    const { code, stdout } = await host.shim(sh(script), {
      started: (child) => child.stdout?.once('data', () => child.kill('SIGTERM')),
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'ready\nbye\n' });
    await reports(2);
  });

  it.each([
    ['does not exist', '/nowhere/backup', 127],
    ['is not executable', PROGRAM.replace(/dist.*/, 'package.json'), 126],
    ['is below a file', `${PROGRAM}/backup`, 126],
    ['has no name', '', 126],
  ])(
    'given the command %s, exits as a shell would, and reports a failure',
    async (_, command, code) => {
      expect(await host.shim([...DB, command])).toMatchObject({ code, stdout: '' });
      const [, failed] = await reports(2);
      expect(failed!.event.data.output_message).toContain(`cannot run ${command}`);
    },
  );

  it('is equally fast and quiet without a broker, and keeps both reports', async () => {
    host.configure({ BROKER_URL: 'amqp://127.0.0.1:1', FQDN: 'engine.example.com' });
    expect(await host.shim(sh('echo done; exit 4'))).toEqual({
      code: 4,
      signal: null,
      stdout: 'done\n',
      stderr: '',
    });
    expect(host.spooled()).toHaveLength(2);
  });

  it('runs the command although no report can be written to the spool, and delivers both', async () => {
    host.write(host.paths.state, 'a file where the folder should be');
    const { code, stdout, stderr } = await host.shim(sh('echo done; exit 4'));
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'done\n' });
    expect(stderr).toContain('cannot write the report to the spool');
    const all = await reports(2);
    expect(all.map(({ event }) => event.data.status)).toEqual([0, -1]);
  });

  it('runs the command although the configuration cannot be read, and keeps both reports', async () => {
    rmSync(host.paths.configuration);
    mkdirSync(host.paths.configuration);
    const { code, stdout, stderr } = await host.shim(sh('echo done; exit 4'));
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'done\n' });
    expect(stderr).toMatch(
      /^engine-backup-shim: cannot read the configuration: .*\n.* no engine is set up on this host: .*\n$/,
    );
    expect(host.spooled()).toHaveLength(2);
  });

  it('passes the arguments of the command unchanged', async () => {
    const odd = ['--scope', '-1', '$(touch x)', '*', 'a\'b"c', '', '--'];
    const { stdout } = await host.shim([...DB, 'printf', '[%s]', ...odd]);
    expect(stdout).toBe(odd.map((text) => `[${text}]`).join(''));
    await reports(2);
  });

  it.each([
    ['no command', ['run', '--scope', 'db']],
    ['no scope', ['run', '--', 'true']],
    ['an invalid scope', ['run', '--scope', 'db,', '--', 'true']],
    ['an invalid host name', ['run', '--scope', 'db', '--fqdn', 'a/b', '--', 'true']],
  ])('refuses %s before it runs anything', async (_, args) => {
    const { code, stderr } = await host.shim(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^engine-backup-shim: .*\n$/);
  });
});
