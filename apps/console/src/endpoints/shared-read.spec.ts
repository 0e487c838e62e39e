import type { DataSource } from 'typeorm';
import { sharedRead } from './shared-read.js';

const db = {} as DataSource;

/** A read that each test ends by itself. */
function controlled() {
  const begun: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
  const read = sharedRead<string>(
    () => new Promise((resolve, reject) => begun.push({ resolve, reject })),
  );
  return { begun, read };
}

/** Lets everything go on that is not waiting for a read. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('given a read under way, those who ask get the next one, which they share', async () => {
  const { begun, read } = controlled();
  const first = read(db);
  const later = [read(db), read(db)];
  await settle();
  expect(begun).toHaveLength(1);
  begun[0]!.resolve('old');
  expect(await first).toBe('old');
  await settle();
  expect(begun).toHaveLength(2);
  const last = read(db);
  begun[1]!.resolve('new');
  expect(await Promise.all(later)).toEqual(['new', 'new']);
  await settle();
  begun[2]!.resolve('newest');
  expect(await last).toBe('newest');
});

test('given a read that fails, those who asked for it get its error, and the next one is made', async () => {
  const { begun, read } = controlled();
  const first = read(db);
  const later = read(db);
  begun[0]!.reject(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await settle();
  begun[1]!.resolve('new');
  expect(await later).toBe('new');
});

test('two databases share nothing', async () => {
  const { begun, read } = controlled();
  void read(db);
  void read({} as DataSource);
  expect(begun).toHaveLength(2);
});
