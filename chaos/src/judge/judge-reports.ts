import { deadLetterQueue, UNROUTED_QUEUE } from '@backup-awareness/contracts';
import type { Installation } from '../installation/installation.js';
import type { Load } from '../load/start-load.js';
import { plannedMessage } from '../load/plan-message.js';
import type { ExpectedRow, PlannedMessage } from '../load/planned-message.js';
import { numberByPath, type LoadPlan } from '../load/load-plan.js';
import type { SpoolReader } from '../load/spool.js';
import { takeDeadLetters, type DeadLetter } from './dead-letters.js';
import { KEEPERS, readRows, type Keeper, type StoredRow } from './stored-rows.js';

/** What became of a load in one table. Unless *confirmed = stored + deduplicated + dead-lettered*, something is wrong. */
export interface Balance {
  readonly table: Keeper['table'];
  readonly confirmed: number;
  readonly stored: number;
  /** Deliberate copies of messages that are counted elsewhere. */
  readonly deduplicated: number;
  readonly deadLettered: number;
  /** Numbers of messages that are confirmed, but neither stored nor dead-lettered. */
  readonly lost: readonly number[];
  /** Numbers of messages with more than one row or dead letter in this table. */
  readonly doubled: readonly number[];
  /** Rows that were not sent, or that differ from what was sent. */
  readonly strange: readonly string[];
  /** Healthy messages that are dead letters, malformed ones that were stored, and dead letters without the right reason. */
  readonly misjudged: readonly string[];
}

/** Takes the dead letters, and compares each confirmed message of a load with them and with the rows. */
export async function judgeReports(installation: Installation, load: Load): Promise<Balance[]> {
  const deadLetters = await takeDeadLetters(installation, load.plan);
  const unrouted = deadLetters.get(UNROUTED_QUEUE) ?? [];
  const spool = load.spool();
  const messages = originalsOf(load.plan, spool);
  const balances: Balance[] = [];
  for (const keeper of KEEPERS) {
    const rows = await readRows(installation, keeper, load.plan);
    const dead = [...(deadLetters.get(deadLetterQueue(keeper.queue)) ?? []), ...unrouted];
    balances.push(balance(load.plan, spool, messages, keeper.table, rows, dead));
  }
  return balances;
}

function originalsOf(plan: LoadPlan, spool: SpoolReader): ReadonlyMap<number, PlannedMessage> {
  const messages = new Map<number, PlannedMessage>();
  for (const number of spool.madeAt.keys()) {
    const message = plannedMessage(plan, number, spool.madeAt);
    if (message.original === number) messages.set(number, message);
  }
  return messages;
}

function balance(
  plan: LoadPlan,
  { confirmed, madeAt }: SpoolReader,
  messages: ReadonlyMap<number, PlannedMessage>,
  table: Keeper['table'],
  rows: readonly StoredRow[],
  dead: readonly DeadLetter[],
): Balance {
  const numberOf = numberReader(plan);
  const stored = new Map<number, number>();
  const strange: string[] = [];
  for (const row of rows) {
    const number = numberOf(row);
    const message = number === undefined ? undefined : messages.get(number);
    const difference = message ? differenceOf(row, message.row) : 'was never sent';
    if (difference) strange.push(`${table} ${row.eventId} of ${row.fqdn}: ${difference}`);
    if (number !== undefined) stored.set(number, (stored.get(number) ?? 0) + 1);
  }
  const buried = new Map<number, number>();
  const misjudged: string[] = [];
  for (const letter of dead) {
    const message = letter.number === undefined ? undefined : messages.get(letter.number);
    const complaint = complaintAbout(letter, message);
    if (complaint) misjudged.push(`${table} ${letter.number}: ${complaint}`);
    if (letter.number !== undefined)
      buried.set(letter.number, (buried.get(letter.number) ?? 0) + 1);
  }
  const confirmedOriginals = [...messages.keys()].filter((number) => confirmed.has(number));
  const copies = [...confirmed].filter((number) => !messages.has(number));
  return {
    table,
    confirmed: confirmed.size,
    stored: stored.size,
    deduplicated: copies.length,
    deadLettered: buried.size,
    lost: [
      ...confirmedOriginals.filter((number) => !stored.has(number) && !buried.has(number)),
      ...copies.filter((number) => !stored.has(originalOf(plan, number, madeAt))),
    ],
    doubled: [
      ...[...stored].filter(([, times]) => times > 1).map(([number]) => number),
      ...[...buried.keys()].filter((number) => stored.has(number)),
    ],
    strange,
    misjudged: [
      ...misjudged,
      ...[...stored.keys()]
        .filter((number) => messages.get(number)?.fate === 'dead letter')
        .map((number) => `${table} ${number}: stored, although it is malformed`),
    ],
  };
}

const originalOf = (plan: LoadPlan, number: number, madeAt: SpoolReader['madeAt']): number =>
  plannedMessage(plan, number, madeAt).original;

/** The number of the message, from a row's id or path. */
function numberReader(plan: LoadPlan): (row: StoredRow) => number | undefined {
  const inId = new RegExp(`^${plan.name}/(\\d+)(?:/|$)`, 'u');
  return ({ logPath, eventId }) => {
    const text = inId.exec(eventId)?.[1];
    return text === undefined ? numberByPath(plan, logPath) : Number(text);
  };
}

function differenceOf(row: StoredRow, expected: ExpectedRow | undefined): string | undefined {
  if (!expected) return undefined;
  const { report, eventId } = expected;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['event_id', row.eventId, eventId],
    ['fqdn', row.fqdn, report.fqdn],
    ['scope', row.scope, report.scope],
    ['done_at', row.doneAt.toISOString(), report.done_at],
    ['status', row.status, report.status],
    ['output_message', row.outputMessage, report.output_message],
    ['log_path', row.logPath, report.log_path],
  ];
  const different = pairs.find(([, got, sent]) => got !== sent);
  return different && `${different[0]}: expected ${different[2]}, got ${different[1]}`;
}

function complaintAbout(
  { reason, path }: DeadLetter,
  message: PlannedMessage | undefined,
): string | undefined {
  if (!message) return 'a dead letter that was never sent';
  if (message.fate === 'stored') return `a healthy message is a dead letter: ${reason}`;
  if (!reason) return 'a dead letter without a reason';
  if (message.errorPath !== undefined && message.errorPath !== path)
    return `malformed at ${message.errorPath}, but its reason is ${reason}`;
  return undefined;
}
