import { evolve, judgeFreshness, NO_ALERT_YET } from '@backup-awareness/freshness';
import type { AlertEvent, DecisionReason, EngineFacts } from '@backup-awareness/freshness';
import fc from 'fast-check';
import { anyHistory, ENGINES, historyWithoutJumpsBack } from './any-history.js';
import { biography } from './biography.js';
import { live } from './difference.js';
import { complaint } from './naive-model.js';
import { THE_RULES, type Rules } from './rules.js';
import type { Step } from './step.js';
import { fqdnOf, type ToldEvent } from './telling.js';
import { timeline } from './timeline.js';

const RUNS = { numRuns: 1_000 };
const tick: Step = { what: 'tick', backlog: false };
const check: Step[] = [{ what: 'new leader' }, tick];

/** The rules, with an eye on what they are given and what they say. */
function watched(): Rules & { reasons: Set<DecisionReason>; facts: Map<string, EngineFacts> } {
  const reasons = new Set<DecisionReason>();
  const facts = new Map<string, EngineFacts>();
  return {
    ...THE_RULES,
    reasons,
    facts,
    decideEach: (engines, circumstances) => {
      const outcome = THE_RULES.decideEach(engines, circumstances);
      for (const { engine, decision } of outcome.decided) {
        facts.set(engine.facts.fqdn, engine.facts);
        reasons.add(decision.reason);
      }
      return outcome;
    },
  };
}

const eventsOf = (steps: readonly Step[]): ToldEvent[] =>
  live(timeline(steps)).flatMap(({ events }) => events);

describe('whatever happens, an engine', () => {
  it('has after every check just the alert that its backups deserve, as long as the clock goes on', () => {
    fc.assert(
      fc.property(historyWithoutJumpsBack, (steps) => {
        const history = timeline(steps);
        live(history).forEach(({ active, checks }, index, tellings) => {
          if (checks.length === (tellings[index - 1]?.checks.length ?? 0)) return;
          const past = history.slice(0, index + 1);
          for (let engine = 0; engine < ENGINES; engine++) {
            const life = biography(past, engine);
            const isWatched = life !== undefined && !life.isRetired;
            const deserved = isWatched ? complaint(past, engine, life).alert : null;
            expect(active[fqdnOf(engine)] ?? null).toBe(deserved);
          }
        });
      }),
      RUNS,
    );
  });

  it('has one alert at most, each raise cleared by exactly one clear, numbered without gaps', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const lastSequence: Record<string, number> = {};
        const active = new Map<string, ToldEvent>();
        const ids = new Set<string>();
        for (const event of eventsOf([...steps, { what: 'feature off' }, tick])) {
          expect(event.sequence).toBe((lastSequence[event.fqdn] ?? 0) + 1);
          lastSequence[event.fqdn] = event.sequence;
          const raise = active.get(event.fqdn);
          if (event.type === 'BackupAlertRaised') {
            expect(raise).toBeUndefined();
            expect(ids.has(event.alertId)).toBe(false);
            expect(event.sinceAt).toBeLessThanOrEqual(event.decidedAt);
            active.set(event.fqdn, event);
            ids.add(event.alertId);
          } else {
            const { alertId, alert, raisedAt: decidedAt } = event;
            expect(raise).toMatchObject({ alertId, alert, decidedAt });
            active.delete(event.fqdn);
          }
        }
        expect(active.size).toBe(0);
      }),
      RUNS,
    );
  });

  it('has the state that its events add up to', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const told: AlertEvent[] = [];
        const rules: Rules = {
          ...THE_RULES,
          decideEach: (engines, circumstances) => {
            const outcome = THE_RULES.decideEach(engines, circumstances);
            for (const { decision } of outcome.decided) told.push(...decision.events);
            return outcome;
          },
        };
        live(timeline(steps), rules, ({ engines }) => {
          for (const { fqdn, state } of engines) {
            const ofEngine = told.filter((event) => event.fqdn === fqdn);
            expect(ofEngine.reduce(evolve, NO_ALERT_YET)).toEqual(state);
          }
        });
      }),
      RUNS,
    );
  });

  it('hears nothing when the clock is put back and comes round again, check after check', () => {
    const byMs = fc.integer({ min: 0, max: 100 * 3_600_000 });
    fc.assert(
      fc.property(anyHistory, byMs, byMs, (steps, firstMs, thenMs) => {
        const settled: Step[] = [...steps, { what: 'ingest starts' }, ...check, ...check];
        const { facts, ...rules } = watched();
        live(timeline(settled), rules, ({ engines }) => {
          for (const { fqdn, state } of engines) {
            const known = facts.get(fqdn);
            if (!state.active || !known) continue;
            // Only the raise is remembered. What changed since, and was not enough, the clock alone can judge.
            const atTheRaise = judgeFreshness(known, state.active.decidedAt);
            const isRemembered =
              (atTheRaise.lastFullBackupAt ?? 0) <= (state.active.lastFullBackupAt ?? 0);
            fc.pre(atTheRaise.verdict !== 'fresh' && isRemembered);
          }
        });
        const looks: Step[] = [...check, tick, ...check];
        const clock = (ms: number): Step => ({ what: 'clock', byMs: ms });
        const after = [clock(-firstMs), ...looks, clock(-thenMs), ...looks];
        const andRound = [clock(firstMs + thenMs), ...looks];
        expect(eventsOf([...settled, ...after, ...andRound])).toEqual(eventsOf(settled));
      }),
      { numRuns: 500 },
    );
  });

  it('meets every reason there is, so that the histories are no easy ones', () => {
    const rules = watched();
    for (const steps of fc.sample(anyHistory, { numRuns: 2_000, seed: 1 })) {
      live(timeline(steps), rules);
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
    // A raise that waits is not even decided: between checks no engine without an alert is read, but one that was changed.
    const { raise_waits_for_check: _, ...met } = all;
    expect([...rules.reasons].sort()).toEqual(Object.keys(met).sort());
  });
});
