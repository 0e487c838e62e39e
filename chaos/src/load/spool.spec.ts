import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSpool, readSpool } from './spool.js';

describe('a spool', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'backup-awareness-spool-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('can be read while it grows: what was made, confirmed and refused', () => {
    const spool = openSpool(folder);
    const reader = readSpool(folder);
    spool.made([
      { number: 0, atMs: 1_000 },
      { number: 1, atMs: 1_001 },
      { number: 2, atMs: 1_001 },
    ]);
    spool.confirmed([1]);
    reader.refresh();
    expect(reader.madeAt).toEqual([1_000, 1_001, 1_001]);
    expect([...reader.confirmed]).toEqual([1]);
    expect([...reader.refused]).toEqual([]);
    spool.confirmed([0]);
    spool.refused([2]);
    reader.refresh();
    expect([...reader.confirmed]).toEqual([1, 0]);
    expect([...reader.refused]).toEqual([2]);
  });

  it('continues before a half-written line of a publisher that was killed', () => {
    openSpool(folder).made([{ number: 0, atMs: 1_000 }]);
    appendFileSync(join(folder, 'made'), '1 10');
    const reader = readSpool(folder);
    expect(reader.madeAt).toEqual([1_000]);
    openSpool(folder).made([{ number: 1, atMs: 1_002 }]);
    reader.refresh();
    expect(reader.madeAt).toEqual([1_000, 1_002]);
    expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('0 1000\n1 1002\n');
  });
});
