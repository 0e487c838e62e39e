import { getEventListeners } from 'node:events';
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

/** What Node keeps for a signal: its listeners, and the signals derived from it, which it holds under a symbol of its own. */
function keptFor(signal: AbortSignal): number {
  const sizes = Object.getOwnPropertySymbols(signal).map((symbol) => {
    const value = (signal as unknown as Record<symbol, { readonly size?: unknown } | undefined>)[
      symbol
    ];
    return typeof value?.size === 'number' ? value.size : 0;
  });
  return getEventListeners(signal, 'abort').length + sizes.reduce((sum, size) => sum + size, 0);
}

test('pauses leave nothing at a signal that lives as long as the service', async () => {
  const { signal } = new AbortController();
  const pause = new Pause();
  for (let i = 0; i < 20; i++) await pause.last(0, 1, signal);
  expect(keptFor(signal)).toBe(0);
});

test('a pause ends with the signal, also with one that is aborted already', async () => {
  const stopping = new AbortController();
  const lasting = new Pause().last(0, VERY_LONG_MS, stopping.signal);
  setTimeout(() => stopping.abort(), 10);
  await lasting;
  await new Pause().last(0, VERY_LONG_MS, stopping.signal);
});
