import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../uncompiled/process-identity.mjs';
import { openRunDirectory, type RunDirectory } from '../run-directory/run-directory.js';
import { spawnRecorded, type Command } from './spawn-recorded.js';
import { STOP_STEPS, stopProcess, stopRecorded } from './stop-process.js';

let folder: string;
let runDirectory: RunDirectory;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spawn-recorded-'));
  runDirectory = await openRunDirectory(folder);
});
afterEach(async () => {
  await stopRecorded(runDirectory.processes);
  runDirectory.close();
  rmSync(folder, { recursive: true });
});

function shell(script: string, more: Partial<Command> = {}): Command {
  return {
    name: 'shell',
    kind: 'service',
    command: '/bin/sh',
    args: ['-c', script],
    env: { PATH: '/usr/bin:/bin' },
    cwd: folder,
    log: runDirectory.log('shell'),
    ...more,
  };
}

const logged = (): string => readFileSync(join(folder, 'logs', 'shell.log'), 'utf8');

async function untilLogged(text: string): Promise<void> {
  while (!logged().includes(text)) await sleep(10);
}

describe('a recorded process', () => {
  it('is in the table while it runs, under the pid of its program', async () => {
    const started = await spawnRecorded(runDirectory.processes, shell('echo pid $$; sleep 60'));
    await untilLogged(`pid ${started.identity.pid}`);
    expect(runDirectory.processes.running()).toEqual([
      { ...started.identity, name: 'shell', kind: 'service' },
    ]);
    await stopProcess(started.identity, STOP_STEPS.service);
    expect(await started.ended).toBe('SIGTERM');
    expect(runDirectory.processes.running()).toEqual([]);
  });

  it('gets only its own environment, and no terminal input', async () => {
    const command = shell('env | cut -d= -f1 | grep -vE "^(PWD|_|SHLVL|OLDPWD)$"; cat; echo end', {
      env: { PATH: '/usr/bin:/bin', SECRET: 'x' },
    });
    const started = await spawnRecorded(runDirectory.processes, command);
    expect(await started.ended).toBe('exit 0');
    expect(logged().trim().split('\n').sort()).toEqual(['PATH', 'SECRET', 'end']);
  });

  it('is in a session of its own, so that Ctrl-C in our terminal does not reach it', async () => {
    const script = 'ps -o sid= -p $$; echo end';
    const started = await spawnRecorded(runDirectory.processes, shell(script));
    await untilLogged('end');
    expect(Number(logged().trim().split('\n')[0])).toBe(started.identity.pid);
  });

  it('reports how it ended', async () => {
    const started = await spawnRecorded(runDirectory.processes, shell('exit 7'));
    expect(started.endedHow()).toBeUndefined();
    expect(await started.ended).toBe('exit 7');
    expect(started.endedHow()).toBe('exit 7');
  });

  it('shows by its exit code and its log that its program is missing', async () => {
    const command = shell('', { command: join(folder, 'missing') });
    const started = await spawnRecorded(runDirectory.processes, command);
    expect(await started.ended).toBe('exit 127');
    expect(logged()).toContain('missing: not found');
  });

  it('never begins if we die before it is recorded', async () => {
    // The gate without a "go": its input ends.
    const gate = 'read -r go || exit 0; exec "$@" </dev/null';
    const began = join(folder, 'began');
    const child = spawn('/bin/sh', ['-c', gate, 'sh', 'touch', began]);
    child.stdin.destroy();
    await once(child, 'exit');
    expect(existsSync(began)).toBe(false);
  });
});

describe('stopping', () => {
  it('ends a process that ignores SIGTERM by SIGKILL', async () => {
    const started = await spawnRecorded(
      runDirectory.processes,
      shell('trap "" TERM; echo ready; while :; do sleep 1; done'),
    );
    await untilLogged('ready');
    const steps = [
      { signal: 'SIGTERM', waitMs: 200 },
      { signal: 'SIGKILL', waitMs: 5_000 },
    ] as const;
    expect(await stopProcess(started.identity, steps)).toBe('SIGKILL');
    expect(isRunning(started.identity)).toBe(false);
  });

  it('wakes a process that is paused', async () => {
    const started = await spawnRecorded(runDirectory.processes, shell('echo ready; sleep 60'));
    await untilLogged('ready');
    process.kill(started.identity.pid, 'SIGSTOP');
    expect(await stopProcess(started.identity, STOP_STEPS.service)).toBe('SIGTERM');
  });

  it('leaves a process with another start time alone', async () => {
    const started = await spawnRecorded(runDirectory.processes, shell('sleep 60'));
    const earlier = { ...started.identity, startTime: '1' };
    expect(await stopProcess(earlier, STOP_STEPS.service)).toBeUndefined();
    expect(isRunning(started.identity)).toBe(true);
  });

  it('stops services, then the broker, then the database', async () => {
    const script = (name: string) => `trap "echo ${name}; exit 0" TERM INT; echo ready
      while :; do sleep 0.05; done`;
    for (const kind of ['database', 'epmd', 'broker', 'service'] as const) {
      await spawnRecorded(runDirectory.processes, shell(script(kind), { name: kind, kind }));
    }
    while (logged().split('ready').length < 5) await sleep(10);
    await stopRecorded(runDirectory.processes);
    expect(logged().replaceAll('ready\n', '').trim().split('\n')).toEqual([
      'service',
      'broker',
      'epmd',
      'database',
    ]);
  });
});
