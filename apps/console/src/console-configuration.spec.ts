import { CONSOLE_VARIABLES } from './console-configuration.js';

test('the console takes the certificates for the database that every service takes', () => {
  const names = Object.keys(CONSOLE_VARIABLES.shape);
  expect(names).toEqual(expect.arrayContaining(['DATABASE_CA', 'DATABASE_CERT', 'DATABASE_KEY']));
});
