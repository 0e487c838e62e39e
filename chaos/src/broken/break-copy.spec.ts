import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '@backup-awareness/testing';
import { breakCopy } from './break-copy.js';
import { BROKEN_BUILDS } from './broken-builds.js';

describe.each(Object.entries(BROKEN_BUILDS))('a copy broken by %s', (_, build) => {
  it('has the defect, resolves our packages within itself, and leaves the checkout unchanged', () => {
    const before = readFileSync(join(CHECKOUT, build.file), 'utf8');
    const copy = breakCopy(CHECKOUT, build);
    try {
      expect(readFileSync(join(copy.path, build.file), 'utf8')).toContain(build.replace);
      expect(readFileSync(join(CHECKOUT, build.file), 'utf8')).toBe(before);
      const resolved = execFileSync(
        process.execPath,
        ['-p', 'require.resolve("@backup-awareness/messaging")'],
        { cwd: join(copy.path, 'apps', 'ingest'), encoding: 'utf8' },
      );
      expect(resolved.trim()).toBe(
        join(realpathSync(copy.path), 'libs', 'messaging', 'dist', 'index.js'),
      );
    } finally {
      copy.remove();
    }
    expect(existsSync(copy.path)).toBe(false);
  });
});

describe('a defect whose text is not in the file', () => {
  it('is refused with the expected text', () => {
    const build = { ...Object.values(BROKEN_BUILDS)[0]!, find: 'this text is nowhere' };
    expect(() => breakCopy(CHECKOUT, build)).toThrow(
      `${build.file}: expected "this text is nowhere" once, got it 0 times`,
    );
  });
});
