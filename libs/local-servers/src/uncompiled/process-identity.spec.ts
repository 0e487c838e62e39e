import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { identifyProcess, isRunning, parentOf } from '../../uncompiled/process-identity.mjs';

describe('the identity of a process', () => {
  it('stays the same while the process runs', () => {
    const first = identifyProcess(process.pid);
    expect(first).toEqual({
      pid: process.pid,
      startTime: expect.stringMatching(/^\d+$/),
      bootId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(identifyProcess(process.pid)).toEqual(first);
    expect(isRunning(first!)).toBe(true);
  });

  it('is not that of a later process with the same pid, nor of one before the last boot', () => {
    const mine = identifyProcess(process.pid)!;
    expect(isRunning({ ...mine, startTime: '1' })).toBe(false);
    expect(isRunning({ ...mine, bootId: 'another boot' })).toBe(false);
  });

  it('is gone when the process has ended', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identifyProcess(child.pid!)!;
    expect(parentOf(child.pid!)).toBe(process.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(identity)).toBe(false);
    expect(identifyProcess(identity.pid)).toBeUndefined();
  });

  it('is read correctly for a program whose name looks like fields', async () => {
    const child = spawn('bash', ['-c', 'printf ") R 1 (" > /proc/$$/comm; echo; read -r line']);
    await once(child.stdout, 'data');
    expect(parentOf(child.pid!)).toBe(process.pid);
    child.stdin.end();
    await once(child, 'exit');
  });
});
