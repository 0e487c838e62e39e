import type {
  EngineHistory,
  SettingsHistory,
  TimeSpan,
  Timeline,
} from '@backup-awareness/freshness';
import fc from 'fast-check';

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** An engine's life and the span asked for: a day or two. */
export interface Life {
  readonly engine: EngineHistory;
  readonly settings: SettingsHistory;
  readonly span: TimeSpan;
}

const START = Date.UTC(2026, 2, 28);
/** Often at a whole hour or a millisecond next to it, and often at the same instants, so that events coincide. */
const instant = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: -24, max: 60 }).map((hours) => hours * HOUR_MS),
      fc.integer({ min: -24 * HOUR_MS, max: 60 * HOUR_MS }),
    ),
    fc.constantFrom(0, 0, 1, -1),
  )
  .map(([ms, beside]) => START + ms + beside);

const periodDays = fc.oneof(
  fc.constantFrom(0.25, 0.5, 1, 2),
  fc.integer({ min: 1, max: 48 * HOUR_MS }).map((ms) => ms / (24 * HOUR_MS)),
);

function timeline<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Timeline<T>> {
  const changes = fc.array(fc.record({ at: instant, to: value }), { maxLength: 3 });
  return fc.record({
    first: value,
    changes: changes.map((all) => all.toSorted((a, b) => a.at - b.at)),
  });
}

const monitoring = timeline(fc.boolean()).map(({ first, changes }) => {
  const since = (at: number) => ({ sinceAt: at, isByReport: false });
  return {
    first: first ? since(START - 48 * HOUR_MS) : null,
    changes: changes.map(({ at, to }) => ({ at, to: to ? since(at) : null })),
  };
});

/** Nearly always done before it is received, and often at once. */
const success = fc
  .record({
    scope: fc.constantFrom('db' as const, 'files' as const),
    receivedAt: instant,
    lateMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 48 * HOUR_MS }) },
      { weight: 1, arbitrary: fc.integer({ min: -2 * HOUR_MS, max: -1 }) },
    ),
  })
  .map(({ lateMs, ...one }) => ({ ...one, countedAt: one.receivedAt - lateMs }));

const fullBackup = success.map((one) => [
  { ...one, scope: 'db' as const },
  { ...one, scope: 'files' as const },
]);

const successes = fc
  .array(
    fc.oneof(
      fullBackup,
      success.map((one) => [one]),
    ),
    { maxLength: 12 },
  )
  .map((all) => all.flat().toSorted((a, b) => a.receivedAt - b.receivedAt));

const hours = timeline(fc.constantFrom(6, 6, 6, null)).map(({ first, changes }) => {
  const inMs = (value: number | null) => (value === null ? null : value * HOUR_MS);
  return { first: inMs(first), changes: changes.map(({ at, to }) => ({ at, to: inMs(to) })) };
});

export const anyLife: fc.Arbitrary<Life> = fc.record({
  engine: fc.record({
    fqdn: fc.constant('engine.example.com'),
    monitoring,
    ownPeriodDays: timeline(fc.option(periodDays, { freq: 2, nil: null })),
    successes,
  }),
  settings: fc.record({ checkPeriodMs: hours, alertPeriodDays: timeline(periodDays) }),
  span: fc
    .record({
      from: fc.integer({ min: 0, max: 24 * 60 }),
      minutes: fc.integer({ min: 1, max: 24 * 60 }),
    })
    .map(({ from, minutes }) => ({
      from: START + from * MINUTE_MS,
      until: START + (from + minutes) * MINUTE_MS,
    })),
});
