import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { distanceInWords, utc } from './local-time.js';

/** In its own process: a process has one time zone. */
function localTimeIn(TZ: string, instant: string): string {
  const module = resolve('dist/words/local-time.js');
  const script = `import { localTime } from ${JSON.stringify(module)}; console.log(localTime(${JSON.stringify(instant)}))`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { TZ },
  }).trim();
}

test.each([
  ['Europe/Berlin', '2026-11-23T03:04:05.999Z', '2026-11-23 04:04:05 +01:00'],
  ['Europe/Berlin', '2026-07-23T23:04:05Z', '2026-07-24 01:04:05 +02:00'],
  ['America/St_Johns', '2026-11-23T03:04:05Z', '2026-11-22 23:34:05 -03:30'],
  ['UTC', '1970-01-01T00:00:00Z', '1970-01-01 00:00:00 +00:00'],
])('in %s, %s is %s', (zone, instant, local) => {
  expect(localTimeIn(zone, instant)).toBe(local);
});

test('a distance from now has two units', () => {
  expect(distanceInWords(0, 7_260_000)).toBe('2 h 1 min ago');
  expect(distanceInWords(7_200_000, 0)).toBe('in 2 h');
  expect(distanceInWords(5, 5)).toBe('less than a second ago');
});

test('JSON has UTC, or null', () => {
  expect(utc(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(utc(null)).toBeNull();
});
