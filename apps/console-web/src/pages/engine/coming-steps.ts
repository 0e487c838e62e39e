import { missingScopes, type EngineFacts } from './facts.js';

/** What the API tells of an engine's future, if nothing more arrives. */
export interface Coming {
  /** Null unless it is fresh. */
  readonly turnsAt: string | null;
  /** Of db and files the one whose success is the older; null without a full backup. */
  readonly shortScope: 'db' | 'files' | null;
  /** The check that would raise the alert; null: none, or not known. */
  readonly checkAt: string | null;
  /** Whether checks are made at all. */
  readonly isChecked: boolean;
}

/** A step of what happens next, in the order of time; `at` null: as soon as something else happens. */
export type Step =
  | { readonly kind: 'fresh_now'; readonly at: string }
  | { readonly kind: 'too_old_since'; readonly at: string | null }
  | { readonly kind: 'no_full_backup'; readonly at: null; readonly missing: ('db' | 'files')[] }
  | { readonly kind: 'unknown' | 'not_monitored' | 'checks_off'; readonly at: null }
  | {
      readonly kind: 'turns';
      readonly at: string;
      readonly shortScope: 'db' | 'files' | null;
      readonly shortAt: string | null;
    }
  | { readonly kind: 'check_raises'; readonly at: string | null }
  | { readonly kind: 'raised'; readonly at: string; readonly isDismissed: boolean }
  | { readonly kind: 'told' | 'will_be_told' | 'cleared_by_backup'; readonly at: null };

/** The kind of alert that a full backup clears. */
const CLEARED_BY_BACKUP = ['ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP'];

/** What happens next to an engine, as the API's facts say. */
export function comingSteps(facts: EngineFacts, coming: Coming): Step[] {
  const { verdict } = facts;
  if (verdict === 'retired') return [{ kind: 'not_monitored', at: null }];
  if (verdict === 'unknown') return [{ kind: 'unknown', at: null }];
  if (verdict === 'fresh') return fresh(facts, coming);
  const raised = facts.alerts.find(({ alert }) => CLEARED_BY_BACKUP.includes(alert));
  return [
    verdict === 'too_old'
      ? { kind: 'too_old_since', at: raised?.since ?? null }
      : { kind: 'no_full_backup', at: null, missing: missingScopes(facts) },
    ...(raised
      ? ([
          { kind: 'raised', at: raised.raised_at, isDismissed: Boolean(raised.dismissed_at) },
          { kind: 'told', at: null },
        ] as const)
      : raisedBy(coming)),
    { kind: 'cleared_by_backup', at: null },
  ];
}

function fresh(facts: EngineFacts, coming: Coming): Step[] {
  const { turnsAt, shortScope } = coming;
  const now: Step = { kind: 'fresh_now', at: facts.at };
  if (turnsAt === null) return [now];
  const shortAt = shortScope === 'db' ? facts.lastDbAt : facts.lastFilesAt;
  return [now, { kind: 'turns', at: turnsAt, shortScope, shortAt }, ...raisedBy(coming)];
}

function raisedBy({ isChecked, checkAt }: Coming): Step[] {
  if (!isChecked) return [{ kind: 'checks_off', at: null }];
  return [
    { kind: 'check_raises', at: checkAt },
    { kind: 'will_be_told', at: null },
  ];
}
