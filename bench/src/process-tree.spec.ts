import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { usageOf } from './process-tree.js';

let child: ChildProcess;
afterEach(async () => {
  const ended = once(child, 'exit');
  process.kill(-child.pid!, 'SIGKILL');
  await ended;
});

/** A shell that runs `script`, says its last child's pid, and waits. In a group of its own, to be ended with all of its children. */
async function shell(script: string): Promise<{ pid: number; lastPid: number }> {
  child = spawn('/bin/sh', ['-c', `${script}\necho $!\nsleep 600; :`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await once(child.stdout!, 'data')) as [Buffer];
  return { pid: child.pid!, lastPid: Number(text.toString()) };
}

test('the process stands for itself, and each of its children for all of its own', async () => {
  const { pid, lastPid } = await shell('sleep 600 &');
  const [self, ...children] = usageOf(process.pid).parts;
  expect(self!.pid).toBe(process.pid);
  expect(children.map((one) => one.pid)).toContain(pid);
  expect(children.map((one) => one.pid)).not.toContain(lastPid);
  const [alone, ...below] = usageOf(pid).parts;
  expect(below.map((one) => one.name)).toContain('sleep');
  const whole = children.find((one) => one.pid === pid)!;
  expect(whole.memoryMib).toBeGreaterThan(alone!.memoryMib);
});

test('processor time of a child that has ended counts', async () => {
  const busy = 'while (process.cpuUsage().user < 300_000);';
  const { pid } = await shell(`'${process.execPath}' -e '${busy}'`);
  expect(usageOf(pid).parts[0]!.cpuMs).toBeGreaterThanOrEqual(300);
});

test('a process that does not run is an error', async () => {
  await shell(':');
  expect(() => usageOf(2 ** 30)).toThrow('expected a running process 1073741824, got none');
});
