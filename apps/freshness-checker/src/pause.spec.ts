import { Pause } from './pause.js';

const VERY_LONG_MS = 3_600_000;
const never = new AbortController().signal;

test('a pause that is ended does not last its longest', async () => {
  const pause = new Pause();
  const lasting = pause.last(0, VERY_LONG_MS, never);
  pause.end();
  await lasting;
});

test('what ends it before it begins ends the next one', async () => {
  const pause = new Pause();
  pause.end();
  await pause.last(0, VERY_LONG_MS, never);
});

test('one end ends one pause', async () => {
  const pause = new Pause();
  pause.end();
  await pause.last(0, VERY_LONG_MS, never);
  const lasting = pause.last(0, VERY_LONG_MS, never);
  const first = await Promise.race([
    lasting.then(() => 'ended'),
    new Promise((resolve) => setTimeout(() => resolve('lasts'), 50)),
  ]);
  expect(first).toBe('lasts');
  pause.end();
  await lasting;
});

test('ended at once it lasts its shortest nevertheless', async () => {
  const pause = new Pause();
  const ends: string[] = [];
  const lasting = pause.last(60, VERY_LONG_MS, never).then(() => ends.push('the pause'));
  setTimeout(() => ends.push('a shorter time'), 20);
  pause.end();
  await lasting;
  expect(ends).toEqual(['a shorter time', 'the pause']);
});

test('it ends when the process stops', async () => {
  const stopping = new AbortController();
  const lasting = new Pause().last(VERY_LONG_MS, VERY_LONG_MS, stopping.signal);
  stopping.abort();
  await lasting;
});
