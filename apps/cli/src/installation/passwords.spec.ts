import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knownPasswords, requirePasswords } from './passwords.js';

const KIND = {
  variables: { ingest: 'INGEST_PASSWORD', audit: 'AUDIT_PASSWORD' },
  stored: 'brokerUser',
};

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cli-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('every missing password is named', () => {
  expect(() => requirePasswords({}, KIND.variables)).toThrow(
    'expected passwords in INGEST_PASSWORD, AUDIT_PASSWORD',
  );
  expect(() => requirePasswords({ ingest: 'x' }, KIND.variables)).toThrow(
    'expected passwords in AUDIT_PASSWORD (or',
  );
});

test('a password comes from its variable, or from a file', () => {
  writeFileSync(join(folder, 'secret'), 'of a file\n');
  const environment = { INGEST_PASSWORD: 'x', AUDIT_PASSWORD_FILE: join(folder, 'secret') };
  expect(knownPasswords(environment, {}, KIND)).toEqual({ ingest: 'x', audit: 'of a file' });
});

test('the passwords of npm start are in its run directory', () => {
  const installation = { runDirectory: folder };
  expect(knownPasswords({}, installation, KIND)).toEqual({});
  writeFileSync(
    join(folder, 'secrets.json'),
    JSON.stringify({ 'brokerUser.ingest': 'stored', 'databaseRole.audit': 'of another kind' }),
  );
  expect(knownPasswords({}, installation, KIND)).toEqual({ ingest: 'stored' });
  expect(knownPasswords({ INGEST_PASSWORD: 'given' }, installation, KIND)).toEqual({
    ingest: 'given',
  });
});
