import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { textArray } from './text-array.js';

describe('a column as a text[]', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  const sent = async (values: readonly (string | number | boolean | null)[]) => {
    const [{ received }] = await database.owner.query('SELECT $1::text[] AS received', [
      textArray(values, (value) => value),
    ]);
    return received;
  };

  it.each([
    ['no rows', [], []],
    ['plain text', ['a', 'b'], ['a', 'b']],
    ['characters with a meaning in a literal', ['"', '\\', '{', ',', 'NULL', ''], null],
    ['nulls', [null, 'a', null], null],
    ['text beyond ASCII', ['ü', '€', '𝄞', '備份'], null],
    ['numbers and booleans', [1.5, -3, true, false], ['1.5', '-3', 'true', 'false']],
    ['a text longer than all before', ['€'.repeat(100_000), 'b'], null],
  ])('%s arrives as it is', async (_, values, expected) => {
    expect(await sent(values)).toEqual(expected ?? values);
  });

  it('is not changed by the next one', () => {
    const first = textArray(['a'], (value) => value);
    const kept = Buffer.from(first);
    textArray(['b'], (value) => value);
    expect(first).toEqual(kept);
  });

  it('with a NUL in it is refused as an error of data, like a literal', async () => {
    await expect(sent(['a\0b'])).rejects.toMatchObject({ code: '22021' });
  });
});
