import { alertPeriodOf } from './alert-period.js';

const general = { days: 1, changedAt: 50 };

describe('an engine has', () => {
  it.each([
    {
      phrase: 'its own period, since that was set',
      own: { days: 2, changedAt: 40 },
      expected: { days: 2, changedAt: 40 },
    },
    {
      phrase: 'its own period, even if that was never changed',
      own: { days: 2, changedAt: null },
      expected: { days: 2, changedAt: null },
    },
    {
      phrase: 'the general period if it never had its own',
      own: { days: null, changedAt: null },
      expected: { days: 1, changedAt: 50 },
    },
    {
      phrase: 'the general period since its own was removed, if that was later',
      own: { days: null, changedAt: 60 },
      expected: { days: 1, changedAt: 60 },
    },
    {
      phrase: 'the general period since that was changed, if that was later',
      own: { days: null, changedAt: 40 },
      expected: { days: 1, changedAt: 50 },
    },
  ])('$phrase', ({ own, expected }) => {
    expect(alertPeriodOf(own, general)).toEqual(expected);
  });

  it('the general period since its own was removed, if the general one never changed', () => {
    const never = { days: 1, changedAt: null };
    expect(alertPeriodOf({ days: null, changedAt: 60 }, never)).toEqual({ days: 1, changedAt: 60 });
    expect(alertPeriodOf({ days: null, changedAt: null }, never)).toEqual(never);
  });
});
