import { missingScopes, type EngineFacts } from './facts.js';

type FullScope = 'db' | 'files';

/** A step of what happens next, in the order of time. */
export type Step =
  | { readonly kind: 'fresh_now' | 'too_old' | 'unknown' | 'not_monitored' | 'checks_off' }
  | { readonly kind: 'no_full_backup'; readonly missing: readonly FullScope[] }
  | {
      readonly kind: 'turns';
      readonly at: string;
      readonly needed: readonly FullScope[];
      /** When the success that is to be renewed counts. */
      readonly since: string | null;
    }
  /** `at` null: within seconds, or as soon as a checker runs. */
  | { readonly kind: 'check_raises'; readonly at: string | null }
  | { readonly kind: 'raised'; readonly at: string; readonly isDismissed: boolean }
  | { readonly kind: 'told' | 'will_be_told' | 'cleared_now' }
  | { readonly kind: 'made_fresh'; readonly needed: readonly FullScope[] };

/** What happens next to an engine if nothing more arrives, as the API's facts say. */
export function comingSteps(facts: EngineFacts): Step[] {
  const { next } = facts;
  switch (next?.kind) {
    case 'turns_too_old':
      return [{ kind: 'fresh_now' }, ...turning(facts, next)];
    case 'alert_is_raised':
      return [
        ...present(facts),
        { kind: 'check_raises', at: next.check_at },
        { kind: 'will_be_told' },
        { kind: 'made_fresh', needed: next.needed_scopes },
      ];
    case 'alert_stays':
      return [
        ...present(facts),
        ...raised(facts, next),
        { kind: 'made_fresh', needed: next.needed_scopes },
      ];
    case 'alert_is_cleared':
      return [...present(facts), { kind: 'cleared_now' }];
    case 'nothing':
      return facts.verdict === 'retired'
        ? [{ kind: 'not_monitored' }]
        : [...present(facts), { kind: 'checks_off' }];
    default:
      return [{ kind: 'unknown' }];
  }
}

type Next = NonNullable<EngineFacts['next']>;

function turning(facts: EngineFacts, next: Next): Step[] {
  if (next.fresh_until === null) return [];
  const [first] = next.needed_scopes;
  return [
    {
      kind: 'turns',
      at: next.fresh_until,
      needed: next.needed_scopes,
      since: first === 'db' ? facts.lastDbAt : facts.lastFilesAt,
    },
    { kind: 'check_raises', at: next.check_at },
    { kind: 'will_be_told' },
  ];
}

function present({ verdict, lastDbAt, lastFilesAt }: EngineFacts): Step[] {
  switch (verdict) {
    case 'fresh':
      return [{ kind: 'fresh_now' }];
    case 'too_old':
      return [{ kind: 'too_old' }];
    case 'no_full_backup':
      return [{ kind: 'no_full_backup', missing: missingScopes({ lastDbAt, lastFilesAt }) }];
    default:
      return [];
  }
}

function raised({ alerts }: EngineFacts, { alert }: Next): Step[] {
  const active = alerts.find((each) => each.alert === alert);
  if (!active) return [];
  return [
    { kind: 'raised', at: active.raised_at, isDismissed: Boolean(active.dismissed_at) },
    { kind: 'told' },
  ];
}
