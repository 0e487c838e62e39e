import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryLock } from '../../uncompiled/lock-file.mjs';
import { identifyProcess } from '../../uncompiled/process-identity.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lock-file-'));
const path = join(folder, 'lock');
afterEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a lock file', () => {
  it('is held by one, whom the others see', () => {
    const { lock } = tryLock(path, { parentPid: 7 });
    expect(tryLock(path).holder).toMatchObject({ pid: process.pid, parentPid: 7 });
    lock!.describe({ stopping: true });
    expect(tryLock(path).holder).toMatchObject({ pid: process.pid, stopping: true });
    lock!.release();
    expect(existsSync(path)).toBe(false);
    expect(tryLock(path).lock).toBeDefined();
  });

  it('is taken over from a process that has ended, even when another process has its pid now', () => {
    const mine = identifyProcess(process.pid)!;
    for (const stale of [{ ...mine, startTime: '1' }, { ...mine, pid: 4_194_304 }, {}, '']) {
      writeFileSync(path, stale === '' ? '' : JSON.stringify(stale));
      expect(tryLock(path).lock).toBeDefined();
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject(mine);
    }
  });

  it('is not released by a process that no longer holds it', () => {
    const { lock } = tryLock(path);
    const other = identifyProcess(process.ppid)!;
    writeFileSync(path, JSON.stringify(other));
    lock!.release();
    expect(tryLock(path).holder).toMatchObject(other);
  });

  it('goes to exactly one of several processes that find it stale at the same time', async () => {
    const module = fileURLToPath(new URL('../../uncompiled/lock-file.mjs', import.meta.url));
    const program = `
      const { tryLock } = await import(${JSON.stringify(module)});
      console.log('ready');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      console.log(tryLock(${JSON.stringify(path)}).lock ? 'held' : 'refused');
      await new Promise((resolve) => process.stdin.once('end', resolve));`;
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program]),
    );
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    writeFileSync(path, JSON.stringify({ pid: 4_194_304, startTime: '1', bootId: '' }));
    const answers = children.map(async (child) => {
      child.stdin.write('go\n');
      const [text] = (await once(child.stdout, 'data')) as [Buffer];
      return text.toString().trim();
    });
    expect((await Promise.all(answers)).sort()).toEqual(['held', ...Array(5).fill('refused')]);
    for (const child of children) child.stdin.end();
    await Promise.all(children.map((child) => once(child, 'exit')));
  });
});
