import { clockBehindMessage } from './clock-behind-message.js';

describe('the message about a clock that is behind', () => {
  it('names the clock, the latest decision and what to do', () => {
    expect(clockBehindMessage('2026-11-23 12:00', '2026-11-23 11:00')).toBe(
      "the database's clock (2026-11-23 11:00) is more than 1 minute behind the latest decision (2026-11-23 12:00); " +
        'correct it, or run backup-awareness clock accept if it is right',
    );
  });

  it('stays the same without the reading of the clock', () => {
    expect(clockBehindMessage('2026-11-23 12:00')).toMatch(
      /^the database's clock is more than 1 minute behind the latest decision \(2026-11-23 12:00\);/,
    );
  });
});
