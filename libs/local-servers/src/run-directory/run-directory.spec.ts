import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryRunDirectory } from '@backup-awareness/testing';
import { identifyProcess } from '../../uncompiled/process-identity.mjs';
import { openRunDirectory } from './run-directory.js';

const folder = mkdtempSync(join(tmpdir(), 'run-directory-'));
afterAll(() => rmSync(folder, { recursive: true }));
let path: string;
let count = 0;
beforeEach(() => {
  path = join(folder, `run-${(count += 1)}`);
});
const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe('a run directory', () => {
  it('is private to its owner, and so are its files', async () => {
    const runDirectory = await openRunDirectory(path);
    runDirectory.password('a');
    await runDirectory.port('a');
    expect(modeOf(path)).toBe(0o700);
    expect(modeOf(join(path, 'secrets.json'))).toBe(0o600);
    runDirectory.close();
  });

  it('is refused while another process has it open, in one line that names the process', async () => {
    const runDirectory = await openRunDirectory(path);
    await expect(openRunDirectory(path)).rejects.toThrow(
      `already running as process ${process.pid} with ${path}; stop that one first, or set RUN_DIR to another folder.`,
    );
    runDirectory.close();
    (await openRunDirectory(path)).close();
  });

  it('is waited for while the process that has it open is stopping', async () => {
    const first = await openRunDirectory(path);
    first.announceStop();
    const waitedFor: number[] = [];
    const second = openRunDirectory(path, { onWait: (pid) => waitedFor.push(pid) });
    setTimeout(() => first.close(), 300);
    (await second).close();
    expect(waitedFor).toEqual([process.pid]);
  });

  it('is waited for when the parent of its holder is gone', async () => {
    const first = await openRunDirectory(path, { parentPid: 4_194_304 });
    const abort = new AbortController();
    const second = openRunDirectory(path, { signal: abort.signal, onWait: () => abort.abort() });
    await expect(second).rejects.toThrow('aborted');
    first.close();
  });

  it('is made private when it is empty, and refused when it has other files', async () => {
    mkdirSync(path);
    chmodSync(path, 0o755);
    (await openRunDirectory(path)).close();
    expect(modeOf(path)).toBe(0o700);

    const other = `${path}-other`;
    mkdirSync(other);
    chmodSync(other, 0o755);
    writeFileSync(join(other, 'letter.txt'), '');
    await expect(openRunDirectory(other)).rejects.toThrow(`${other} has other files in it`);
    expect(modeOf(other)).toBe(0o755);
  });

  it.each(['a\nb', 'a\x1b[31mb', 'a\u{FFFD}b'])(
    'is refused at once, in one line, when programs cannot handle its name: %j',
    async (name) => {
      const odd = join(folder, name);
      await expect(openRunDirectory(odd)).rejects.toThrow(
        `RUN_DIR: expected a path in UTF-8 without control characters, got ${JSON.stringify(odd)}`,
      );
      expect(existsSync(odd)).toBe(false);
    },
  );

  it('is refused when its path is too long for PostgreSQL, even through a short link', async () => {
    const long = `${folder}${`/${'ü'.repeat(100)}`.repeat(4)}${'/d'.repeat(60)}`;
    const refusal = `RUN_DIR: expected a path of at most 900 bytes, got ${Buffer.byteLength(long)} bytes`;
    await expect(openRunDirectory(long)).rejects.toThrow(refusal);
    expect(existsSync(long)).toBe(false);
    mkdirSync(long, { recursive: true });
    symlinkSync(long, path);
    await expect(openRunDirectory(path)).rejects.toThrow(refusal);
  });

  it('is temporary only if it was made so', async () => {
    const openings = [
      [await openRunDirectory(path), false],
      [await openRunDirectory(`${path}-temporary`, { temporary: true }), true],
      [await openRunDirectory(makeTemporaryRunDirectory('run-directory-')), true],
    ] as const;
    for (const [runDirectory, isTemporary] of openings) {
      expect(runDirectory.isTemporary).toBe(isTemporary);
      runDirectory.close();
    }
    rmSync(openings[2][0].path, { recursive: true });
  });

  it('remembers passwords, and ports while they are free', async () => {
    const first = await openRunDirectory(path);
    const password = first.password('a');
    const port = await first.port('a');
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(first.password('b')).not.toBe(password);
    first.close();

    const second = await openRunDirectory(path);
    expect(second.password('a')).toBe(password);
    expect(await second.port('a')).toBe(port);
    second.close();

    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const third = await openRunDirectory(path);
    expect(await third.port('a')).not.toBe(port);
    third.close();
    server.close();
  });

  it('knows after a crash which of its processes still run, and mistakes no other for them', async () => {
    const first = await openRunDirectory(path);
    const mine = { ...identifyProcess(process.pid)!, name: 'mine', kind: 'service' } as const;
    first.processes.add(mine);
    first.processes.add({ ...mine, name: 'earlier', startTime: '1' });
    first.close();
    expect(JSON.parse(readFileSync(join(path, 'processes.json'), 'utf8'))).toHaveLength(2);

    const second = await openRunDirectory(path);
    expect(second.processes.running()).toEqual([mine]);
    second.processes.remove(mine);
    expect(second.processes.running()).toEqual([]);
    second.close();
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });
});
