import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@backup-awareness/testing';
import {
  SHELLS,
  type EngineHost,
  type EngineHostOptions,
  type Shell,
  useEngineHosts,
} from '../stand-in/engine-host.js';
import { killGroup, runBoth, waitingTar, type OnStart } from './run-both.js';

const engineHost = useEngineHosts(() => ({ configuration: 'KEEP_ENGINE_NOTICE=no\n' }));

it.each(Object.keys(SHELLS) as Shell[])(
  'a run that was terminated by a signal is reported as such, with %s',
  async (shell) => {
    const host = engineHost({ shell, programs: { tar: waitingTar } });
    await host.run(['--scope=files'], (group) => killGroup('SIGTERM')(host, group));
    const message = {
      bash: 'engine-backup was terminated before it finished.',
      dash: 'engine-backup was terminated by SIGTERM.',
    };
    expect(host.records()[1]!.message.toString()).toBe(message[shell]);
  },
);

describe('a signal to engine-backup alone, run by bash', () => {
  // The pipe is made after the start: who is faster must not decide.
  const untilThereIsALock = "until [ -p '@ROOT@/lock' ]; do sleep 0.01; done";
  const waitingDump = `#!/bin/sh
${untilThereIsALock}
echo $$ >"\${0%/*}/waiting.new"
mv "\${0%/*}/waiting.new" "\${0%/*}/waiting"
exec 9<>'@ROOT@/lock'
read -r released <&9
`;
  const options: EngineHostOptions = { shell: 'bash', programs: { pg_dump: waitingDump } };
  const waiting = (host: EngineHost) => join(host.root, 'programs', 'waiting');
  /** Sends the signal while the dump waits. */
  const send =
    (signal: NodeJS.Signals, then: (host: EngineHost) => void = () => undefined): OnStart =>
    async (host, group) => {
      execFileSync('mkfifo', [join(host.root, 'lock')]);
      await eventually(() => expect(existsSync(waiting(host))).toBe(true));
      process.kill(group, signal);
      then(host);
    };

  it.each([
    ['SIGTERM', []],
    ['SIGHUP', []],
    ['SIGTERM', ['--db-compressor=gzip']],
  ] as const)('%s %j ends it and its dump at once, and is reported', async (signal, args) => {
    const host = engineHost(options);
    // The lock is never released: a shell that waited for the dump would wait for ever.
    const outcome = await host.run(['--scope=db', ...args], (group) => send(signal)(host, group));
    expect(outcome.signal).toBe(signal);
    expect(host.reported()).toEqual(['0 db', '-1 db']);
    const dump = readFileSync(waiting(host), 'utf8').trim();
    await eventually(() => expect(existsSync(`/proc/${dump}`)).toBe(false));
  });

  it('SIGINT has the same effect as without the drop-in', async () => {
    const waitingOnce = `#!/bin/sh
${untilThereIsALock}
if ! [ -e "\${0%/*}/waiting" ]; then
  printf '' >"\${0%/*}/waiting"
  read -r released <'@ROOT@/lock'
fi
exec /bin/tar "$@"
`;
    const release = (host: EngineHost) => writeFileSync(join(host.root, 'lock'), 'released\n');
    const programs = { tar: waitingOnce };
    const host = await runBoth(
      engineHost,
      { shell: 'bash', programs },
      ['--scope=files'],
      send('SIGINT', release),
    );
    expect(host.reported()).toEqual(['0 files', '1 files']);
  });
});
