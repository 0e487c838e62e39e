import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPasswords } from './environment.js';
import { whoIs } from './who.js';

const VARIABLES = { ingest: 'INGEST_PASSWORD', audit: 'AUDIT_PASSWORD' };

test('every missing password is named', () => {
  expect(() => readPasswords({ AUDIT_PASSWORD: '' }, VARIABLES)).toThrow(
    'expected passwords in INGEST_PASSWORD, AUDIT_PASSWORD',
  );
  expect(() => readPasswords({ INGEST_PASSWORD: 'x' }, VARIABLES)).toThrow(
    'expected passwords in AUDIT_PASSWORD (or',
  );
});

test('a password comes from its variable, or from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  writeFileSync(join(folder, 'secret'), 'of a file\n');
  const environment = { INGEST_PASSWORD: 'x', AUDIT_PASSWORD_FILE: join(folder, 'secret') };
  expect(readPasswords(environment, VARIABLES)).toEqual({ ingest: 'x', audit: 'of a file' });
  rmSync(folder, { recursive: true });
});

test('the author of a change is --by, or the caller of sudo, or the user', () => {
  expect(whoIs({ SUDO_USER: 'ann' }, ' bob ')).toBe('bob');
  expect(whoIs({ SUDO_USER: 'ann' }, undefined)).toBe('ann');
  expect(whoIs({}, undefined)).not.toBe('');
  expect(() => whoIs({}, ' ')).toThrow('--by');
});
