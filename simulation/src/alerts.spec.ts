import { evolve, NO_ALERT_YET } from '@backup-awareness/freshness';
import type { AlertEvent, DecisionReason, EngineAlertState } from '@backup-awareness/freshness';
import fc from 'fast-check';
import { anyHistory, ENGINES, historyWithoutJumpsBack, historyWithoutTime } from './any-history.js';
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

/** The rules, with a record of the reasons that they return. */
function recordingRules(): Rules & { reasons: Set<DecisionReason> } {
  const reasons = new Set<DecisionReason>();
  return {
    ...THE_RULES,
    reasons,
    decideEach: (engines, circumstances) => {
      const outcome = THE_RULES.decideEach(engines, circumstances);
      for (const { decision } of outcome.decided) reasons.add(decision.reason);
      return outcome;
    },
  };
}

/** The last full backup of a raise is dropped if it lies in the future of an accepted clock. */
const withoutBackup = ({ active, ...state }: EngineAlertState) => ({
  ...state,
  active: active && { ...active, lastFullBackupAt: null },
});

const eventsOf = (steps: readonly Step[]): ToldEvent[] =>
  live(timeline(steps)).flatMap(({ events }) => events);

describe('whatever happens, an engine', () => {
  it('has exactly the alert that its backups deserve after every check, as long as the clock only advances', () => {
    fc.assert(
      fc.property(historyWithoutJumpsBack, (steps) => {
        const history = timeline(steps);
        live(history).forEach(({ active, checks }, index, tellings) => {
          if (checks.length === (tellings[index - 1]?.checks.length ?? 0)) return;
          const past = history.slice(0, index + 1);
          for (let engine = 0; engine < ENGINES; engine++) {
            const life = biography(past, engine);
            const isMonitored = life !== undefined && !life.isRetired;
            const deserved = isMonitored
              ? complaint(past, past.at(-1)!.at, engine, life).alert
              : null;
            expect(active[fqdnOf(engine)] ?? null).toBe(deserved);
          }
        });
      }),
      RUNS,
    );
  });

  it('has at most one alert, each raise cleared exactly once, numbered without gaps', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const lastSequence: Record<string, number> = {};
        const active = new Map<string, ToldEvent>();
        const ids = new Set<string>();
        for (const event of eventsOf([
          ...steps,
          { what: 'clock accepted' },
          { what: 'feature off' },
          tick,
        ])) {
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

  it('has the state that results from its events', () => {
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
            const addedUp = ofEngine.reduce(evolve, NO_ALERT_YET);
            expect(withoutBackup(addedUp)).toEqual(withoutBackup(state));
          }
        });
      }),
      RUNS,
    );
  });

  it('has no event after the clock is set back, whatever is requested, until it has caught up', () => {
    const byMs = fc.integer({ min: 60_001, max: 100 * 3_600_000 });
    fc.assert(
      fc.property(anyHistory, byMs, historyWithoutTime, (steps, backMs, meanwhile) => {
        const settled: Step[] = [...steps, { what: 'clock accepted' }, tick];
        const before = eventsOf(settled);
        const put: Step[] = [...settled, { what: 'clock moved', byMs: -backMs }];
        expect(eventsOf([...put, ...meanwhile, ...check, tick])).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('meets every reason, so that the histories are varied enough', () => {
    const rules = recordingRules();
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
      success_in_future: true,
      no_full_backup: true,
      too_old: true,
      full_backup: true,
      period_extended: true,
      disabled: true,
      engine_retired: true,
    };
    // A raise that waits is never decided: between checks, engines without an alert are not read unless they were changed.
    const { raise_waits_for_check: _, ...met } = all;
    expect([...rules.reasons].sort()).toEqual(Object.keys(met).sort());
  });
});
