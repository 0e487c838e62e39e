import { spawnSync } from 'node:child_process';
import { openSync, closeSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';

const PROGRAM = resolve('bin', readdirSync('bin')[0]!);

test('an output that cannot be written is an error, and says so', () => {
  const full = openSync('/dev/full', 'w');
  try {
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, '--help'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^backup-awareness: cannot write the output: ENOSPC/);
    expect(status).toBe(1);
  } finally {
    closeSync(full);
  }
});

test('a reader that stops reading is no error', () => {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', '"$0" "$1" --help | head -c 1', process.execPath, PROGRAM],
    {
      encoding: 'utf8',
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
