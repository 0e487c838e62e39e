import fc from 'fast-check';
import type { AlertEvent, AlertRaised } from './alert-event.js';
import { type EngineAlertState, NO_ALERT_YET } from './alert-state.js';
import { decideEngine } from './decide-engine.js';
import type { DecisionReason } from './decision.js';
import { DAY_MS, HOUR_MS } from './duration.js';
import type { EngineFacts } from './engine-facts.js';
import { evolve } from './evolve.js';
import { mayClear } from './may-clear.js';

const RUNS = { numRuns: 2_000 };
const START = Date.UTC(2026, 10, 23, 12);

/** What can happen to an engine. */
type Step =
  | { what: 'report'; scope: string; status: -1 | 0 | 1; ageMs: number }
  | { what: 'period'; ms: number }
  | { what: 'off' | 'on' | 'retired' | 'added' | 'forgotten' | 'check' | 'fast clearing' }
  | { what: 'clock'; byMs: number };
type Happening = Step & { at: number };

const spanMs = (maxHours: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(0, 1, 23 * HOUR_MS, DAY_MS, DAY_MS + 1, 25 * HOUR_MS, 2 * DAY_MS),
    fc.integer({ min: 0, max: maxHours * HOUR_MS }),
  );
const forward = fc.record({ what: fc.constant('clock' as const), byMs: spanMs(60) });
const back = forward.map(({ what, byMs }) => ({ what, byMs: -byMs }));
const acts = ['off', 'on', 'retired', 'added', 'forgotten'] as const;
const onwards: fc.WeightedArbitrary<Step>[] = [
  {
    weight: 10,
    arbitrary: fc.record({
      what: fc.constant('report' as const),
      scope: fc.constantFrom('db', 'db', 'files', 'files', 'dwhdb', 'grafanadb'),
      status: fc.constantFrom(1 as const, 1 as const, 1 as const, 0 as const, -1 as const),
      ageMs: spanMs(72),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('period' as const), ms: spanMs(72) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom(...acts) }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constant('check' as const) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('fast clearing' as const) }) },
  { weight: 4, arbitrary: forward },
];
const anyStep = fc.oneof(...onwards, { weight: 3, arbitrary: back });
const anyHistory = fc.array(anyStep, { maxLength: 40, size: 'max' });
const historyWithoutJumpsBack = fc.array(fc.oneof(...onwards), { maxLength: 40, size: 'max' });

interface Life {
  now: number;
  facts: EngineFacts;
  state: EngineAlertState;
  events: AlertEvent[];
  reasons: Set<DecisionReason>;
  happened: Happening[];
}

/** Lets the steps happen as the services do: each keeps the facts up to date, and then the engine is decided. */
function live(steps: readonly Step[], seen?: (life: Life, step: Step) => void): Life {
  const facts: EngineFacts = {
    fqdn: 'engine.example.com',
    watchedSinceAt: START,
    retired: false,
    lastDbSuccessAt: null,
    lastFilesSuccessAt: null,
    alertPeriodMs: DAY_MS,
    alertPeriodChangedAt: null,
  };
  const life: Life = {
    now: START,
    facts,
    state: NO_ALERT_YET,
    events: [],
    reasons: new Set(),
    happened: [],
  };
  let featureEnabled = true;
  let lastCheckAt: number | null = null;
  for (const step of steps) {
    const { what } = step;
    if (what === 'clock') life.now += step.byMs;
    const { now } = life;
    life.happened.push({ ...step, at: now });
    if (what === 'report' && step.status === 1) {
      const countedAt = now - step.ageMs;
      if (step.scope === 'db')
        facts.lastDbSuccessAt = Math.max(countedAt, facts.lastDbSuccessAt ?? countedAt);
      if (step.scope === 'files')
        facts.lastFilesSuccessAt = Math.max(countedAt, facts.lastFilesSuccessAt ?? countedAt);
    }
    if (what === 'forgotten') facts.lastDbSuccessAt = facts.lastFilesSuccessAt = null;
    if (what === 'period') {
      facts.alertPeriodMs = step.ms;
      facts.alertPeriodChangedAt = now;
    }
    if (what === 'off' || what === 'on') featureEnabled = what === 'on';
    if (what === 'retired') facts.retired = true;
    if (what === 'added') Object.assign(facts, { retired: false, watchedSinceAt: now });
    if (!decides(step)) continue;

    const decision = decideEngine(life.state, facts, {
      now,
      featureEnabled,
      mayRaise: what !== 'fast clearing',
      mayClear: mayClear(now, lastCheckAt),
      newAlertId: () => `alert-${life.events.length}`,
    });
    if (what === 'check') lastCheckAt = now;
    life.state = decision.state;
    life.events.push(...decision.events);
    life.reasons.add(decision.reason);
    seen?.(life, step);
  }
  return life;
}

const decides = ({ what }: Step): boolean => !['report', 'forgotten', 'clock'].includes(what);

/** What a history says of an engine's backups at one instant, read from its beginning each time. */
function plainlyWrong(past: readonly Happening[], now: number) {
  const newest = (scope: string): number => {
    let at = Number.NEGATIVE_INFINITY;
    for (const one of past) {
      if (one.what === 'forgotten') at = Number.NEGATIVE_INFINITY;
      if (one.what === 'report' && one.scope === scope && one.status === 1)
        at = Math.max(at, one.at - one.ageMs);
    }
    return at;
  };
  const full = Math.min(newest('db'), newest('files'));
  const change = past.findLast((one) => one.what === 'period');
  const period = change?.ms ?? DAY_MS;
  const watched = past.findLast((one) => one.what === 'added')?.at ?? START;
  if (full === Number.NEGATIVE_INFINITY) {
    return { full, alert: 'ENGINE_NO_FULL_BACKUP', since: Math.min(now, watched) };
  }
  if (now - full <= period) return { full, alert: null, since: null };
  const since = [full + period, change?.at ?? START - 1e9].sort((a, b) => a - b)[1] ?? 0;
  return { full, alert: 'ENGINE_NO_WARM_BACKUP', since: Math.min(now, since) };
}

/** The second opinion: all that should have been said in a history, one line for each event. */
function naiveReading(history: readonly Happening[]): string[] {
  const lines: string[] = [];
  let raised: { alert: string; at: number; full: number } | null = null;
  const say = (line: string): number => lines.push(`${lines.length + 1} ${line}`);
  history.forEach((happening, index) => {
    if (!decides(happening)) return;
    const now = happening.at;
    const past = history.slice(0, index + 1);
    const off = past.findLast(({ what }) => what === 'off' || what === 'on')?.what === 'off';
    const gone = past.findLast(({ what }) => what === 'retired' || what === 'added');
    const lastCheck = history.slice(0, index).findLast(({ what }) => what === 'check');
    const reading = plainlyWrong(past, now);

    let end: string | null = null;
    if (off) end = 'disabled';
    else if (gone?.what === 'retired') end = 'engine_retired';
    else if (raised && reading.alert === null) {
      const clockIsBehind = lastCheck !== undefined && now < lastCheck.at;
      const newer = reading.full > raised.full;
      const wrongAtTheRaise = plainlyWrong(past, raised.at).alert !== null;
      if (!clockIsBehind && newer) end = 'full_backup';
      if (!clockIsBehind && !newer && !wrongAtTheRaise) end = 'period_extended';
    } else if (raised && reading.alert !== raised.alert) end = 'superseded';

    if (raised && end) {
      say(`cleared ${raised.alert} raised ${raised.at} at ${now}: ${end}`);
      raised = null;
    }
    const mayRaise = happening.what !== 'fast clearing' || end === 'superseded';
    if (!raised && reading.alert && mayRaise && (!end || end === 'superseded')) {
      raised = { alert: reading.alert, at: now, full: reading.full };
      say(`raised ${reading.alert} at ${now} since ${reading.since}`);
    }
  });
  return lines;
}

function inLines(events: readonly AlertEvent[]): string[] {
  return events.map((event) =>
    event.type === 'BackupAlertRaised'
      ? `${event.sequence} raised ${event.alert} at ${event.decidedAt} since ${event.sinceAt}`
      : `${event.sequence} cleared ${event.alert} raised ${event.raisedAt} at ${event.clearedAt}: ${event.reason}`,
  );
}

describe('whatever happens to an engine', () => {
  it('says what a naive reading of its history says', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const { events, happened } = live(steps);
        expect(inLines(events)).toEqual(naiveReading(happened));
      }),
      RUNS,
    );
  });

  it('has after every check just the alert that its backups deserve, as long as the clock goes on', () => {
    fc.assert(
      fc.property(historyWithoutJumpsBack, (steps) => {
        let on = true;
        live(steps, ({ state, facts, happened, now }, { what }) => {
          if (what === 'on' || what === 'off') on = what === 'on';
          if (what === 'fast clearing') return;
          const deserved = on && !facts.retired ? plainlyWrong(happened, now).alert : null;
          expect(state.active?.alert ?? null).toBe(deserved);
        });
      }),
      RUNS,
    );
  });

  it('has one alert at most, each raise cleared by exactly one clear, numbered without gaps', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const { events, state } = live([...steps, { what: 'off' }]);
        const active = new Map<string, AlertRaised>();
        const ids = new Set<string>();
        events.forEach((event, index) => {
          expect(event.sequence).toBe(index + 1);
          if (event.type === 'BackupAlertRaised') {
            expect(ids.has(event.alertId)).toBe(false);
            expect(event.sinceAt).toBeLessThanOrEqual(event.decidedAt);
            active.set(event.alertId, event);
            ids.add(event.alertId);
          } else {
            const raise = active.get(event.alertId);
            expect(event).toMatchObject({ alert: raise?.alert, raisedAt: raise?.decidedAt });
            expect(active.delete(event.alertId)).toBe(true);
          }
          expect(active.size).toBeLessThanOrEqual(1);
        });
        expect(active.size).toBe(0);
        expect(state).toEqual({ active: null, lastSequence: events.length });
      }),
      RUNS,
    );
  });

  it('has the state that its events add up to', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        live(steps, ({ events, state }) => {
          expect(events.reduce(evolve, NO_ALERT_YET)).toEqual(state);
        });
      }),
      RUNS,
    );
  });

  it('hears nothing when the clock is put back and comes round again, check after check', () => {
    const check: Step = { what: 'check' };
    fc.assert(
      fc.property(anyHistory, spanMs(100), spanMs(100), (steps, byMs, againMs) => {
        const settled: Step[] = [...steps, check, check];
        const before = live(settled);
        const { active } = before.state;
        if (active) {
          // Only the raise is remembered. What changed since, and was not enough, the clock alone can judge.
          const atTheRaise = plainlyWrong(before.happened, active.decidedAt);
          fc.pre(atTheRaise.alert !== null && atTheRaise.full <= (active.lastFullBackupAt ?? 0));
        }
        const looks: Step[] = [check, { what: 'fast clearing' }, check];
        const there: Step[] = [{ what: 'clock', byMs: -byMs }, ...looks];
        const further: Step[] = [{ what: 'clock', byMs: -againMs }, ...looks];
        const andBack: Step[] = [{ what: 'clock', byMs: byMs + againMs }, ...looks];
        const after = live([...settled, ...there, ...further, ...andBack]);
        expect(inLines(after.events)).toEqual(inLines(before.events));
      }),
      RUNS,
    );
  });

  it('meets every reason there is, so that the histories above are no easy ones', () => {
    const reasons = new Set<string>();
    for (const steps of fc.sample(anyHistory, { ...RUNS, seed: 1 })) {
      for (const reason of live(steps).reasons) reasons.add(reason);
    }
    const all: Record<DecisionReason, true> = {
      fresh: true,
      not_watched: true,
      feature_off: true,
      raise_waits_for_check: true,
      still_without_full_backup: true,
      still_too_old: true,
      clock_behind_last_check: true,
      clock_behind_raise: true,
      no_full_backup: true,
      too_old: true,
      full_backup: true,
      period_extended: true,
      disabled: true,
      engine_retired: true,
    };
    expect([...reasons].sort()).toEqual(Object.keys(all).sort());
  });
});
