import type { TroubleOutcome } from './run-trouble.js';

/** The load under which a trouble must be made, in reports per second. */
const PER_SECOND_MIN = 200;

export interface Verdict {
  readonly isReached: boolean;
  /** Why not, one line for each reason. */
  readonly reasons: readonly string[];
}

/** Whether a trouble did no harm. A shortened run does not judge times. */
export function judgeOutcome(outcome: TroubleOutcome, isShort: boolean): Verdict {
  const { balances, strangers, unpaired, failure } = outcome;
  const reasons = [
    ...(failure === undefined ? [] : [failure]),
    ...balances.flatMap((balance) => [
      ...numbers(balance.table, 'lost', balance.lost),
      ...numbers(balance.table, 'doubled', balance.doubled),
      ...some(balance.strange),
      ...some(balance.misjudged),
      ...(addsUp(balance) ? [] : [`${balance.table}: the equation does not hold`]),
    ]),
    ...(strangers > 0 ? [`${strangers} rows that were never sent`] : []),
    ...some(unpaired),
    ...(isShort ? [] : tooSlow(outcome)),
  ];
  return { isReached: reasons.length === 0, reasons };
}

function addsUp({
  confirmed,
  stored,
  deduplicated,
  deadLettered,
}: TroubleOutcome['balances'][number]): boolean {
  return confirmed === stored + deduplicated + deadLettered;
}

function tooSlow({ trouble, made, perSecond }: TroubleOutcome): string[] {
  const slowest = Math.max(0, ...(made?.recoveriesMs ?? []));
  const { recoveryWithinMs = Infinity } = trouble;
  return [
    ...(!trouble.load && perSecond < PER_SECOND_MIN
      ? [`${perSecond.toFixed(0)} reports per second, expected at least ${PER_SECOND_MIN}`]
      : []),
    ...(slowest > recoveryWithinMs
      ? [`recovery in ${seconds(slowest)}, expected within ${seconds(recoveryWithinMs)}`]
      : []),
  ];
}

const SHOWN = 3;

function numbers(table: string, what: string, ones: readonly number[]): string[] {
  if (ones.length === 0) return [];
  const shown = ones.slice(0, SHOWN).join(', ');
  return [`${table}: ${ones.length} ${what}, such as ${shown}`];
}

function some(lines: readonly string[]): string[] {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [`… and ${more} more of these`] : [])];
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
