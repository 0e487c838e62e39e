import {
  judgeProduct,
  type Finding,
  type FindingKind,
  type ProductView,
} from '@backup-awareness/overview/judgement';
import { unknownInWords } from './unknown-in-words.js';

const FIVE_MINUTES_MS = 5 * 60_000;

/** What makes the status unknown, and how long it must last before notifications are sent. */
const LASTS_MS: Readonly<Partial<Record<FindingKind, number>>> = {
  clock_behind: 0,
  setting_unreadable: 0,
  check_overdue: 0,
  success_in_future: 0,
  engine_unjudgeable: 0,
  never_checked: FIVE_MINUTES_MS,
  service_not_ready: FIVE_MINUTES_MS,
};

export interface Unknown {
  /** Whole milliseconds since 1970. */
  readonly sinceAt: number;
  readonly reason: string;
}

/**
 * Remembers since when each reason for unknown status has lasted.
 *
 * @returns why the status is unknown now, null while it is known
 */
export function unknownReasons(): (view: ProductView) => Unknown | null {
  let since = new Map<string, number>();
  return (view) => {
    const { now } = view.product;
    const found = unknownFindings(view);
    since = new Map(found.map((one) => [keyOf(one), Math.min(now, since.get(keyOf(one)) ?? now)]));
    const lasting = found.filter((one) => now - since.get(keyOf(one))! >= LASTS_MS[one.kind]!);
    if (lasting.length === 0) return null;
    const sinceAt = lasting.reduce((at, one) => Math.min(at, since.get(keyOf(one))!), now);
    return { sinceAt, reason: unknownInWords(lasting) };
  };
}

/** Why the status is unknown, in words, however long that has lasted; null while it is known. */
export function unknownNow(view: ProductView): string | null {
  return unknownInWords(unknownFindings(view)) || null;
}

function unknownFindings(view: ProductView): Finding[] {
  return judgeProduct(view).findings.filter(({ kind }) => LASTS_MS[kind] !== undefined);
}

/** Identifies a reason by its kind and its engine or service: its details may change while it lasts. */
function keyOf({ kind, parameters }: Finding): string {
  const { fqdn, name } = parameters as { readonly fqdn?: string; readonly name?: string };
  return `${kind} ${fqdn ?? name ?? ''}`;
}
