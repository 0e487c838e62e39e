import { z } from 'zod';
import { turnsTooOldAt, type FleetOverview } from '../judgement/fleet-overview.js';
import type { FleetState } from '../state/product-state.js';
import { engineItem, engineItemSchema } from './engines-page.js';
import { instant, utc } from './fields.js';

const count = z.int();

/** A reason as data: words are made where it is shown. */
const reasonSchema = z
  .strictObject({
    kind: z.string(),
    parameters: z.record(z.string(), z.json()),
    instants: z.record(z.string(), instant),
  })
  .meta({ id: 'Reason' });

/** `GET /overview`. */
export const overviewSchema = z
  .strictObject({
    now: instant,
    /** While it is not known, no verdict is to be shown as good. */
    trust: z.strictObject({
      known: z.boolean(),
      reasons: z.array(reasonSchema),
      /** What may keep reports, events and notifications from arriving; verdicts are true of what is stored. */
      warnings: z.array(reasonSchema).optional(),
    }),
    counts: z.strictObject({
      watched: count,
      fresh: count,
      too_old: count,
      no_full_backup: count,
      unknown: count,
      stuck: count,
      dismissed: count,
    }),
    next_to_turn: z.strictObject({ fqdn: z.string(), at: instant }).nullable(),
    worst: z.array(engineItemSchema),
    next: z.array(engineItemSchema),
    /** Of ages as a share of what is allowed; the last bar has no end. */
    age_histogram: z.array(z.strictObject({ from: z.number(), to: z.number().nullable(), count })),
    last_check_at: instant.nullable(),
    next_check_at: instant.nullable(),
  })
  .meta({ id: 'Overview' });

export type OverviewDocument = z.infer<typeof overviewSchema>;

export function overviewDocument(overview: FleetOverview, fleet: FleetState): OverviewDocument {
  const { doubts, warnings, counts, worst, next, ageHistogram } = overview;
  const [first] = next;
  const turnsAt = first ? turnsTooOldAt(first) : null;
  return overviewSchema.parse({
    now: utc(overview.now),
    trust: {
      known: doubts.length === 0,
      reasons: doubts.map(reasonOf),
      warnings: warnings.map(reasonOf),
    },
    counts,
    next_to_turn: first && turnsAt !== null ? { fqdn: first.fqdn, at: utc(turnsAt) } : null,
    worst: worst.map((engine) => engineItem(engine, fleet)),
    next: next.map((engine) => engineItem(engine, fleet)),
    age_histogram: ageHistogram,
    last_check_at: utc(overview.lastCheckAt),
    next_check_at: utc(overview.nextCheckAt),
  });
}

function reasonOf({ kind, parameters, instants }: FleetOverview['warnings'][number]) {
  return {
    kind,
    parameters,
    instants: Object.fromEntries(
      Object.entries(instants as Record<string, number>).map(([name, at]) => [name, utc(at)]),
    ),
  };
}
