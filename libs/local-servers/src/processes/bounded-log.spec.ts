import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepBounded, lastLines, logSize, openBoundedLog } from './bounded-log.js';

describe('a bounded log', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bounded-log-'));
    path = join(folder, 'a.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('starts empty at each start and keeps the previous one', () => {
    openBoundedLog(path).close();
    appendFileSync(path, 'first run\n');
    openBoundedLog(path).close();
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('first run\n');
  });

  it('is truncated when it is too long, while a process keeps writing to it', () => {
    const log = openBoundedLog(path);
    const writer = log.open();
    writeSync(writer, 'x'.repeat(2_000));
    keepBounded(path, 1_000);
    writeSync(writer, 'after\n');
    expect(readFileSync(path, 'utf8')).toBe('after\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toHaveLength(2_000);
    keepBounded(path, 1_000);
    expect(readFileSync(path, 'utf8')).toBe('after\n');
    closeSync(writer);
    log.close();
  });

  it('shows its last lines', () => {
    appendFileSync(path, 'a\nb\nc\n');
    expect(lastLines(path)).toBe('a\nb\nc');
    expect(lastLines(join(folder, 'missing'))).toBe('');
    appendFileSync(path, 'd\n'.repeat(20));
    expect(lastLines(path)).toBe('d\n'.repeat(12).trimEnd());
  });

  it('shows those since a moment, all of them where it was truncated since', () => {
    appendFileSync(path, 'before\n');
    const before = logSize(path);
    appendFileSync(path, 'für\n');
    expect(lastLines(path, before)).toBe('für');
    truncateSync(path);
    appendFileSync(path, 'new\n');
    expect(lastLines(path, before)).toBe('new');
    expect(logSize(join(folder, 'missing'))).toBe(0);
  });
});
