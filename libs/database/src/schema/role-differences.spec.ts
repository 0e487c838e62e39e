import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { roleDifferences, roleName } from './index.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const name = () => new URL(database.ownerUrl).pathname.slice(1);
const role = (of: Parameters<typeof roleName>[1]) => roleName(name(), of);

test('roles as they were set up do not differ', async () => {
  expect(await roleDifferences(database.owner)).toEqual([]);
});

test.each([
  [
    'a privilege on a table was revoked',
    () => `REVOKE SELECT ON engine FROM ${role('checker')}`,
    () => `GRANT SELECT ON engine TO ${role('checker')}`,
    () => [{ role: role('checker'), kind: 'missing_privilege', privilege: 'SELECT on engine' }],
  ],
  [
    'a privilege on a column was revoked',
    () => `REVOKE INSERT (fqdn) ON engine FROM ${role('ingest')}`,
    () => `GRANT INSERT (fqdn) ON engine TO ${role('ingest')}`,
    () => [
      { role: role('ingest'), kind: 'missing_privilege', privilege: 'INSERT (fqdn) on engine' },
    ],
  ],
  [
    'a function was revoked',
    () => `REVOKE EXECUTE ON FUNCTION register_engines(text[]) FROM ${role('audit')}`,
    () => `GRANT EXECUTE ON FUNCTION register_engines(text[]) TO ${role('audit')}`,
    () => [
      {
        role: role('audit'),
        kind: 'missing_privilege',
        privilege: 'EXECUTE on register_engines(text[])',
      },
    ],
  ],
  [
    'a privilege was granted',
    () => `GRANT DELETE ON audit_log TO ${role('audit')}`,
    () => `REVOKE DELETE ON audit_log FROM ${role('audit')}`,
    () => [{ role: role('audit'), kind: 'unexpected_privilege', privilege: 'DELETE on audit_log' }],
  ],
  [
    'PUBLIC may read a table',
    () => 'GRANT SELECT ON alert TO PUBLIC',
    () => 'REVOKE SELECT ON alert FROM PUBLIC',
    () => [{ role: 'PUBLIC', kind: 'unexpected_privilege', privilege: 'SELECT on alert' }],
  ],
  [
    'a role was made a member of another',
    () => `GRANT ${role('audit')} TO ${role('reader')}`,
    () => `REVOKE ${role('audit')} FROM ${role('reader')}`,
    () => [
      {
        role: role('reader'),
        kind: 'unexpected_privilege',
        privilege: `membership in ${role('audit')}`,
      },
    ],
  ],
  [
    'a role may create roles',
    () => `ALTER ROLE ${role('ingest')} CREATEROLE`,
    () => `ALTER ROLE ${role('ingest')} NOCREATEROLE`,
    () => [{ role: role('ingest'), kind: 'unexpected_privilege', privilege: 'CREATEROLE' }],
  ],
])('given that %s, that alone is told', async (_what, change, undo, expected) => {
  await database.owner.query(change());
  try {
    expect(await roleDifferences(database.owner)).toEqual(expected());
  } finally {
    await database.owner.query(undo());
  }
});

test('a role that does not exist is missing', async () => {
  await database.owner.query(`ALTER ROLE ${role('notifier')} RENAME TO ${role('notifier')}_x`);
  try {
    expect(await roleDifferences(database.owner)).toContainEqual({
      role: role('notifier'),
      kind: 'missing_role',
      privilege: null,
    });
  } finally {
    await database.owner.query(`ALTER ROLE ${role('notifier')}_x RENAME TO ${role('notifier')}`);
  }
});
