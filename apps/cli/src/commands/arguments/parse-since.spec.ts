import { parseSince, parseUntil } from './parse-since.js';

const now = new Date('2026-11-23T12:00:00Z');

test.each([
  ['2h', '2026-11-23T10:00:00.000Z'],
  ['3d', '2026-11-20T12:00:00.000Z'],
  ['90s', '2026-11-23T11:58:30.000Z'],
  ['1.5h', '2026-11-23T10:30:00.000Z'],
  ['1w', '2026-11-16T12:00:00.000Z'],
  ['999999999w', '1970-01-01T00:00:00.000Z'],
  ['2026-11-22T04:05:06Z', '2026-11-22T04:05:06.000Z'],
  ['2026-11-22 04:05:06+02:00', '2026-11-22T02:05:06.000Z'],
])('%s is %s', (text, instant) => {
  expect(parseSince(text, now)?.toISOString()).toBe(instant);
});

test.each([
  ['2h', '2026-11-23T14:00:00.000Z'],
  ['999999999w', '9999-12-31T23:59:59.999Z'],
  ['2026-11-30T08:00:00Z', '2026-11-30T08:00:00.000Z'],
])('until %s is %s', (text, instant) => {
  expect(parseUntil(text, now)?.toISOString()).toBe(instant);
});

test('without an offset it is local time', () => {
  expect(parseSince('2026-11-22', now)).toEqual(new Date(2026, 10, 22));
  expect(parseSince('2026-11-22T04:05', now)).toEqual(new Date(2026, 10, 22, 4, 5));
});

test.each(['', '2', 'h', '2x', '-2h', '2h ', 'yesterday', '2026-02-30', '2026-13-01', '1e3h'])(
  '%j is refused',
  (text) => {
    expect(parseSince(text, now)).toBeUndefined();
    expect(parseUntil(text, now)).toBeUndefined();
  },
);
