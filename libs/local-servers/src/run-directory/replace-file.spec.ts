import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from './replace-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('replaces a file as a whole, for its owner only', () => {
  const path = join(folder, 'a.json');
  replaceFile(path, 'one');
  replaceFile(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['a.json']);
});

it('keeps the old content when the new one does not fit', () => {
  // Only root may mount a small file system; as another user, see that an error is not swallowed.
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) {
    expect(() => replaceFile('/proc/a', '')).toThrow();
    return;
  }
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  try {
    const path = join(folder, 'a.json');
    replaceFile(path, 'x'.repeat(6_000));
    replaceFile(join(folder, 'room'), 'x'.repeat(4_000));
    expect(() => {
      for (;;) appendFileSync(join(folder, 'ballast'), Buffer.alloc(4_096));
    }).toThrow('ENOSPC');
    rmSync(join(folder, 'room'));
    expect(() => replaceFile(path, 'y'.repeat(6_000))).toThrow('ENOSPC');
    expect(readFileSync(path, 'utf8')).toBe('x'.repeat(6_000));
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'ballast']);
  } finally {
    execFileSync('umount', [folder]);
  }
});
