import fc from 'fast-check';
import type { Step } from './step.js';

export const ENGINES = 3;

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Often exactly at a limit, or a millisecond off. */
const spanMs = (maxHours: number): fc.Arbitrary<number> =>
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constantFrom(0, 1, 6 * HOUR_MS, 23 * HOUR_MS, DAY_MS, DAY_MS + 1, 2 * DAY_MS),
    },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: maxHours * HOUR_MS }) },
  );
/** Few values, so that a period often returns to an earlier one. */
const periodMs = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(6 * HOUR_MS, DAY_MS, 2 * DAY_MS) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 72 * HOUR_MS }) },
);
/** Most steps are about one engine, so that they interact. */
const engine = fc.constantFrom(0, 0, 0, 0, 1, 2);
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { freq: 2, nil: null });
const step = <What extends Step['what'], Rest extends object>(
  what: What,
  rest: fc.Arbitrary<Rest>,
) => rest.map((fields) => ({ what, ...fields }));
const onlyThat = fc.constant({});

const report = step(
  'report',
  fc.record({
    engine,
    scope: fc.constantFrom('db', 'db', 'files', 'files', 'dwhdb', 'grafanadb'),
    status: fc.constantFrom(1 as const, 1 as const, 1 as const, 0 as const, -1 as const),
    doneMsAgo: fc.oneof(fc.constant(0), spanMs(72)),
    hostAheadMs: fc.oneof(
      fc.constant(0),
      spanMs(72),
      spanMs(72).map((ms) => -ms),
    ),
    hasTimestamp: fc.boolean(),
    firstReceivedMsAgo: fc.option(spanMs(30), { freq: 5, nil: null }),
  }),
);

/** A plain full backup: both scopes reported when done, by a host whose clock is right. */
const fullBackup = fc
  .record({ engine, doneMsAgo: fc.oneof(fc.constant(0), spanMs(30)) })
  .map(({ engine, doneMsAgo }): Step[] =>
    ['db', 'files'].map((scope) => ({
      what: 'report',
      engine,
      scope,
      status: 1,
      doneMsAgo,
      hostAheadMs: 0,
      hasTimestamp: true,
      firstReceivedMsAgo: null,
    })),
  );

const tick = step('tick', fc.record({ backlog: fc.constantFrom(false, false, false, true) }));
const forward = step('clock', fc.record({ byMs: spanMs(40) }));
/** Often within the tolerated minute, or a millisecond beyond it. */
const jumpMs = fc.oneof(spanMs(40), fc.constantFrom(30_000, 60_000, 60_001));
const ahead = step('clock moved', fc.record({ byMs: jumpMs }));
const back = step('clock moved', fc.record({ byMs: jumpMs.map((ms) => -ms) }));
const accepted = step('clock accepted', onlyThat);
/** The clock runs ahead for a while, then is set right. */
const aheadForAWhile = fc
  .record({ byMs: jumpMs, meanwhile: fullBackup, ticks: fc.boolean() })
  .map(({ byMs, meanwhile, ticks }): Step[] => [
    { what: 'clock moved', byMs },
    ...meanwhile,
    ...(ticks ? [{ what: 'tick', backlog: false } as const] : []),
    { what: 'clock moved', byMs: -byMs },
  ]);

type Weighted = fc.WeightedArbitrary<Step[]>;
const one = (weight: number, arbitrary: fc.Arbitrary<Step>): Weighted => {
  return { weight, arbitrary: arbitrary.map((step) => [step]) };
};

/** Episodes with a clock that only advances. */
const ONWARDS: Weighted[] = [
  one(8, tick),
  { weight: 8, arbitrary: fc.tuple(forward, tick) },
  { weight: 5, arbitrary: fullBackup },
  one(6, report),
  one(2, step('report again', fc.record({ nth: fc.nat(5), altered: fc.boolean() }))),
  one(2, forward),
  one(1, step('ingest stops', onlyThat)),
  one(2, step('ingest starts', onlyThat)),
  one(1, step('feature off', onlyThat)),
  one(2, step('feature on', onlyThat)),
  one(1, step('check period', fc.record({ ms: periodMs }))),
  one(2, step('alert period', fc.record({ ms: periodMs }))),
  { weight: 2, arbitrary: fc.tuple(step('alert period', fc.record({ ms: periodMs })), tick) },
  one(4, step('own alert period', fc.record({ engine, ms: orNull(periodMs) }))),
  one(2, step('added', fc.record({ engine, ms: orNull(periodMs) }))),
  one(1, step('retired', fc.record({ engine }))),
  one(1, step('forgotten', fc.record({ engine }))),
  one(2, step('new leader', onlyThat)),
];

const history = (...episodes: Weighted[]): fc.Arbitrary<Step[]> =>
  fc.array(fc.oneof(...episodes), { maxLength: 40, size: 'max' }).map((all) => all.flat());

export const historyWithoutJumpsBack = history(...ONWARDS);
/** No time passes, and nobody accepts a clock. */
export const historyWithoutTime = history(...ONWARDS.filter((_, index) => ![1, 5].includes(index)));
export const anyHistory = history(
  ...ONWARDS,
  one(1, back),
  one(1, ahead),
  one(1, accepted),
  { weight: 2, arbitrary: fc.tuple(back, tick) },
  { weight: 2, arbitrary: aheadForAWhile },
  { weight: 2, arbitrary: fc.tuple(accepted, tick) },
);
