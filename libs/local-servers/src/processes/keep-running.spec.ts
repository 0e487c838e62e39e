import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepRunning } from './keep-running.js';
import type { Part } from './part.js';
import { openRunDirectory, type RunDirectory } from '../run-directory/run-directory.js';
import { createSingleProcess } from './single-process.js';
import { spawnRecorded } from './spawn-recorded.js';
import { startPatiently } from './start-patiently.js';
import { stopRecorded } from './stop-process.js';

let folder: string;
let runDirectory: RunDirectory;
let stop: AbortController;
beforeEach(async () => {
  stop = new AbortController();
  folder = mkdtempSync(join(tmpdir(), 'keep-running-'));
  runDirectory = await openRunDirectory(folder);
});
afterEach(async () => {
  stop.abort();
  await stopRecorded(runDirectory.processes);
  runDirectory.close();
  rmSync(folder, { recursive: true });
});

/** A process that ends at once while a file `broken` exists, and answers when it is up and `isReady`. */
function createPart(isReady: () => boolean = () => true): Part {
  const log = runDirectory.log('part');
  const timesUp = (): number => readFileSync(log.path, 'utf8').split('it is up').length;
  let before = 0;
  return createSingleProcess({
    title: 'part',
    kind: 'service',
    log,
    spawn() {
      before = timesUp();
      const script =
        'test ! -e broken || { echo it is broken; exit 3; }; echo it is up; exec sleep 60';
      return spawnRecorded(runDirectory.processes, {
        name: 'part',
        kind: 'service',
        command: '/bin/sh',
        args: ['-c', script],
        env: { PATH: '/usr/bin:/bin' },
        cwd: folder,
        log,
      });
    },
    async answers() {
      if (timesUp() === before) throw new Error('it is not up');
      if (!isReady()) throw new Error('no table');
    },
  });
}

const breakIt = (): void => writeFileSync(join(folder, 'broken'), '');
const repairIt = (): void => rmSync(join(folder, 'broken'));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

describe('keeping a part running', () => {
  it('restarts it whenever it ends, and says so, until the signal aborts', async () => {
    const part = createPart();
    const said: string[] = [];
    await part.start();
    const watch = keepRunning(part, {
      signal: stop.signal,
      say: (text) => said.push(text),
      firstDelayMs: 20,
    });
    for (let time = 1; time <= 3; time += 1) {
      part.kill();
      await until(() => said.length === 2 * time);
    }
    expect(said.slice(0, 2)).toEqual([
      'part ended (SIGKILL); restarting in 0.02 s',
      expect.stringMatching(/^part is back \(process \d+\)$/),
    ]);
    stop.abort();
    await watch;
    part.kill();
    await sleep(200);
    expect(part.pid).toBeUndefined();
    expect(said).toHaveLength(6);
  });

  it('says how it ended in the words of this time, not of an earlier one in the same log', async () => {
    const part = createPart();
    appendFileSync(runDirectory.log('part').path, 'an earlier complaint\n');
    breakIt();
    const failure = await part.start().catch(String);
    expect(failure).toMatch(/part ended \(exit 3\)\. The end of .*:\nit is broken$/);
  });

  it('waits longer each time while it does not come back, and briefly again once it has', async () => {
    const part = createPart();
    const said: string[] = [];
    await part.start();
    const watch = keepRunning(part, {
      signal: stop.signal,
      say: (text) => said.push(text),
      firstDelayMs: 20,
    });
    breakIt();
    part.kill();
    await until(() => said.filter((text) => text.includes('ended (exit 3)')).length >= 2);
    repairIt();
    await until(() => said.some((text) => text.includes('is back')));
    part.kill();
    await until(() => said.filter((text) => text.includes('is back')).length === 2);
    const delays = said.flatMap((text) => /restarting in ([\d.]+) s/.exec(text)?.[1] ?? []);
    expect(delays.slice(0, 2)).toEqual(['0.02', '0.04']);
    expect(delays.at(-1)).toBe('0.02');
    stop.abort();
    await watch;
  });

  it('stops waiting at once when the signal aborts', async () => {
    const part = createPart();
    await part.start();
    const watch = keepRunning(part, {
      signal: stop.signal,
      say: () => stop.abort(),
      firstDelayMs: 60_000,
    });
    part.kill();
    await watch;
    expect(part.pid).toBeUndefined();
  });
});

describe('starting a part for the first time', () => {
  it('says what it waits for, and resolves when it answers', async () => {
    const said: string[] = [];
    const waits = 'part is not ready: no table';
    const part = createPart(() => said.filter((text) => text === waits).length >= 2);
    await startPatiently(part, {
      signal: stop.signal,
      say: (text) => said.push(text),
      remindEveryMs: 100,
    });
    // Before the process is up there may be another unready reason.
    expect(said.slice(-2)).toEqual([waits, waits]);
    expect(part.unreadyReason).toBeUndefined();
  });

  it('gives up in time, with the last unready reason', async () => {
    const options = { signal: stop.signal, say: () => undefined, giveUpAfterMs: 5_000 };
    await expect(
      startPatiently(
        createPart(() => false),
        options,
      ),
    ).rejects.toThrow('part is not ready after 5 s: no table');
  });

  it('restarts it when it ends, and fails with the end of its log when it ends every time', async () => {
    breakIt();
    const said: string[] = [];
    const start = startPatiently(createPart(), {
      signal: stop.signal,
      say: (text) => said.push(text),
      attempts: 3,
      firstDelayMs: 10,
    });
    await expect(start).rejects.toThrow(/part ended \(exit 3\)[^]*it is broken/);
    expect(said).toEqual([
      'part ended while starting; restarting in 0.01 s',
      'part ended while starting; restarting in 0.02 s',
    ]);
  });

  it('stops at once when the signal aborts', async () => {
    const part = createPart(() => false);
    const start = startPatiently(part, { signal: stop.signal, say: () => undefined });
    setTimeout(() => stop.abort(), 200);
    await expect(start).rejects.toThrow('aborted');
  });
});
