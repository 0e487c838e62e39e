import { DAY_MS, HOUR_MS } from '../duration.js';
import { forecastTurn } from './forecast.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const twoDays = { from: NOW, until: NOW + 2 * DAY_MS };
const everySixHours = { nextCheckAt: NOW + HOUR_MS, periodMs: 6 * HOUR_MS };
const engine = {
  fqdn: 'engine.example.com',
  watchedSinceAt: NOW - 5 * DAY_MS,
  retired: false,
  lastDbSuccessAt: NOW - 3 * HOUR_MS,
  lastFilesSuccessAt: NOW - 2 * HOUR_MS,
  alertPeriodMs: DAY_MS,
  alertPeriodChangedAt: null,
};

describe('if nothing more arrives, an engine', () => {
  it('turns too old one period after the older of db and files, and the check after that finds it', () => {
    expect(forecastTurn(engine, twoDays, everySixHours)).toEqual({
      turnsAt: NOW + 21 * HOUR_MS,
      checkAt: NOW + 25 * HOUR_MS,
      shortScope: 'db',
      lastFullBackupAt: NOW - 3 * HOUR_MS,
    });
  });

  it.each([
    {
      phrase: 'is short of files where those are older',
      facts: { lastFilesSuccessAt: NOW - 4 * HOUR_MS },
      expected: { shortScope: 'files', turnsAt: NOW + 20 * HOUR_MS },
    },
    {
      phrase: 'is short of db where both are of the same instant',
      facts: { lastFilesSuccessAt: NOW - 3 * HOUR_MS },
      expected: { shortScope: 'db' },
    },
    {
      phrase: 'is not found by a check at the very limit, when it is still fresh',
      facts: { lastDbSuccessAt: NOW - 5 * HOUR_MS },
      expected: { turnsAt: NOW + 19 * HOUR_MS, checkAt: NOW + 25 * HOUR_MS },
    },
    {
      phrase: 'is found by a check a millisecond after the limit',
      facts: { lastDbSuccessAt: NOW - 5 * HOUR_MS - 1 },
      expected: { turnsAt: NOW + 19 * HOUR_MS - 1, checkAt: NOW + 19 * HOUR_MS },
    },
    {
      phrase: 'is found by the next check where that is later than the turn',
      facts: { lastDbSuccessAt: NOW - 24 * HOUR_MS + 1 },
      expected: { turnsAt: NOW + 1, checkAt: NOW + HOUR_MS },
    },
    {
      phrase: 'turns just within the time that is asked about',
      facts: { alertPeriodMs: 51 * HOUR_MS - 1 },
      expected: { turnsAt: NOW + 2 * DAY_MS - 1 },
    },
    {
      phrase: 'turns after its age has become known',
      facts: { lastFilesSuccessAt: NOW + HOUR_MS },
      expected: { turnsAt: NOW + 21 * HOUR_MS, shortScope: 'db' },
    },
    {
      phrase: 'turns though its true age is not known, since it will be too old by any reading',
      facts: { lastFilesSuccessAt: NOW + 5 * DAY_MS },
      expected: { turnsAt: NOW + 21 * HOUR_MS, shortScope: 'db' },
    },
  ])('$phrase', ({ facts, expected }) => {
    expect(forecastTurn({ ...engine, ...facts }, twoDays, everySixHours)).toMatchObject(expected);
  });

  it.each([
    ['that is not over its limit at the end of the time', { alertPeriodMs: 51 * HOUR_MS }],
    ['that is too old already', { lastDbSuccessAt: NOW - 2 * DAY_MS }],
    ['without a full backup', { lastFilesSuccessAt: null }],
    ['that is retired', { retired: true }],
  ])('%s does not turn', (_, facts) => {
    expect(forecastTurn({ ...engine, ...facts }, twoDays, everySixHours)).toBeUndefined();
  });

  it('is not found by a check before the next one', () => {
    const inTwoDays = { ...everySixHours, nextCheckAt: NOW + 2 * DAY_MS };
    expect(forecastTurn(engine, twoDays, inTwoDays)).toMatchObject({ checkAt: NOW + 2 * DAY_MS });
  });

  it('turns too old with the feature off too, and no check finds it', () => {
    expect(forecastTurn(engine, twoDays, null)).toMatchObject({
      turnsAt: NOW + 21 * HOUR_MS,
      checkAt: null,
    });
  });
});
