import { coveredText, hoursText } from './figures.js';

test('a share is never rounded up to all', () => {
  expect(coveredText({ covered_percent: 99.99, covered_seconds: 1 })).toBe('99.99%');
});

test('unknown is told apart from nothing that counts', () => {
  expect(coveredText({ covered_percent: null, covered_seconds: null })).toBe('not known');
  expect(coveredText({ covered_percent: null, covered_seconds: 0 })).toBe('–');
});

test('a gap is told in its two largest units', () => {
  expect(hoursText(25.5)).toBe('1 d 1 h');
  expect(hoursText(36 / 3_600)).toBe('36 s');
  expect(hoursText(32 / 3_600_000)).toBe('less than a second');
  expect(hoursText(0)).toBe('–');
  expect(hoursText(null)).toBe('not known');
});
