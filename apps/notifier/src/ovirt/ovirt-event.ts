import { createHash } from 'node:crypto';
import type { Notification, UnknownSpell } from '@backup-awareness/database';
import type { AlertRow } from '@backup-awareness/overview/state';
import { clearedInWords, utc } from '../words/alert-in-words.js';

/** An event in the format of oVirt's API. */
export interface OvirtEvent {
  readonly origin: 'backup-awareness';
  /** oVirt accepts each id of an origin once. */
  readonly custom_id: number;
  /** Seconds. Without it, oVirt drops events within 30 s that it considers equal, such as alerts of two engines; with any value it drops none. */
  readonly flood_rate: 1;
  readonly severity: 'alert' | 'normal';
  readonly description: string;
}

const ORIGIN = 'backup-awareness';

type Key = Pick<Notification, 'subjectId' | 'change'>;

/**
 * A notification as an event of the Administration Portal.
 *
 * @param turn another one has another id: for an event whose id is that of another event
 */
export function ovirtEvent(
  { subjectId, change }: Key,
  subject: AlertRow | UnknownSpell,
  turn = 0,
): OvirtEvent {
  const again = shownAgain(subject, change);
  return {
    origin: ORIGIN,
    custom_id: customId({ subjectId, change }, again + (turn === 0 ? '' : ` #${turn}`)),
    flood_rate: 1,
    severity: change === 'raised' ? 'alert' : 'normal',
    description: plain('alertId' in subject ? ofAlert(subject, change) : ofSpell(subject, change)),
  };
}

/** Sent again after a dismissal, it needs an id of its own: oVirt would refuse the first one. */
function shownAgain(subject: AlertRow | UnknownSpell, change: 'raised' | 'cleared'): string {
  const isAgain = change === 'raised' && 'alertId' in subject && subject.shownAgainAt !== null;
  return isAgain ? ` ${subject.shownAgainAt}` : '';
}

/** oVirt expects a positive signed 32-bit integer: rarely, two notifications have the same. */
export function customId({ subjectId, change }: Key, suffix = ''): number {
  const text = `${subjectId} ${change}${suffix}`;
  return createHash('sha256').update(text).digest().readUInt32BE() & 0x7fffffff || 1;
}

/** oVirt treats a dollar sign as the start of a variable. */
function plain(text: string): string {
  return text.replaceAll('$', '');
}

function ofAlert({ fqdn, message, reason }: AlertRow, change: 'raised' | 'cleared'): string {
  return change === 'raised'
    ? message
    : `${fqdn}: backup alert cleared, ${clearedInWords(reason)}.`;
}

function ofSpell({ beganAt, reason }: UnknownSpell, change: 'raised' | 'cleared'): string {
  return change === 'raised'
    ? `The backup status is unknown: ${reason}`
    : `The backup status is known again; it was unknown since ${utc(beganAt)}.`;
}
