import { knownMonitoring, type MonitoringEvent } from './known-monitoring.js';

const added = (at: number): MonitoringEvent => ({ at, what: 'added' });
const retired = (at: number, watchedSinceAt?: number): MonitoringEvent => ({
  at,
  what: 'retired',
  watchedSinceAt: watchedSinceAt ?? null,
});
const byHand = (at: number) => ({ at, to: { sinceAt: at, isByReport: false } });
const ended = (at: number) => ({ at, to: null });

describe('when an engine was monitored', () => {
  it.each([
    {
      phrase: 'is since its first report if it has no event',
      current: { watchedSinceAt: 100, retiredAt: null },
      events: [],
      expected: {
        timeline: { first: null, changes: [{ at: 100, to: { sinceAt: 100, isByReport: true } }] },
        knownSinceAt: null,
        beganAt: 100,
      },
    },
    {
      phrase: 'is since it was added',
      current: { watchedSinceAt: 100, retiredAt: null },
      events: [added(100)],
      expected: {
        timeline: { first: null, changes: [byHand(100)] },
        knownSinceAt: null,
        beganAt: 100,
      },
    },
    {
      phrase: 'is until it was retired',
      current: { watchedSinceAt: 100, retiredAt: 200 },
      events: [added(100), retired(200)],
      expected: {
        timeline: { first: null, changes: [byHand(100), ended(200)] },
        knownSinceAt: null,
        beganAt: 100,
      },
    },
    {
      phrase: 'is until it was retired, though that is not in the audit log yet',
      current: { watchedSinceAt: 100, retiredAt: 200 },
      events: [added(100)],
      expected: { timeline: { first: null, changes: [byHand(100), ended(200)] } },
    },
    {
      phrase: 'is known for all times if it was retired and resumed',
      current: { watchedSinceAt: 300, retiredAt: null },
      events: [added(100), retired(200), added(300)],
      expected: {
        timeline: { first: null, changes: [byHand(100), ended(200), byHand(300)] },
        knownSinceAt: null,
        beganAt: 100,
      },
    },
    {
      phrase: 'is known from its retirement if an earlier time began with a report',
      current: { watchedSinceAt: 300, retiredAt: null },
      events: [retired(200, 100), added(300)],
      expected: {
        timeline: {
          first: null,
          changes: [{ at: 100, to: { sinceAt: 100, isByReport: true } }, ended(200), byHand(300)],
        },
        knownSinceAt: null,
        beganAt: 100,
      },
    },
    {
      phrase: 'is unknown before the first kept report if an earlier time began with a report',
      current: { watchedSinceAt: 300, retiredAt: null },
      events: [retired(200), added(300)],
      firstReportAt: 150,
      expected: {
        timeline: {
          first: { sinceAt: 150, isByReport: true },
          changes: [ended(200), byHand(300)],
        },
        knownSinceAt: 150,
        beganAt: null,
      },
    },
    {
      phrase: 'is unknown before its retirement if no report of that time is kept',
      current: { watchedSinceAt: 300, retiredAt: null },
      events: [retired(200), added(300)],
      firstReportAt: 350,
      expected: { knownSinceAt: 200, beganAt: null },
    },
  ])('$phrase', ({ current, events, firstReportAt, expected }) => {
    expect(knownMonitoring(current, events, firstReportAt ?? null)).toMatchObject(expected);
  });
});
