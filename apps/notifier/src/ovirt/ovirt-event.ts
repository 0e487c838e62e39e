import { createHash } from 'node:crypto';
import type { Notification, UnknownSpell } from '@backup-awareness/database';
import type { AlertRow } from '@backup-awareness/overview/state';
import { clearedInWords, utc } from '../words/alert-in-words.js';

/** An event as oVirt's API takes it. */
export interface OvirtEvent {
  readonly origin: 'backup-awareness';
  /** oVirt takes one of an origin once. */
  readonly custom_id: number;
  /** Seconds. Without one it drops what it takes for the same within 30, and two engines' alerts are that to it; with any it drops nothing. */
  readonly flood_rate: 1;
  readonly severity: 'alert' | 'normal';
  readonly description: string;
}

const ORIGIN = 'backup-awareness';

/** What the Administration Portal shows of a notification. */
export function ovirtEvent(
  { subjectId, change }: Pick<Notification, 'subjectId' | 'change'>,
  subject: AlertRow | UnknownSpell,
): OvirtEvent {
  return {
    origin: ORIGIN,
    custom_id: customId(`${subjectId} ${change}`),
    flood_rate: 1,
    severity: change === 'raised' ? 'alert' : 'normal',
    description: plain('alertId' in subject ? ofAlert(subject, change) : ofSpell(subject, change)),
  };
}

/** oVirt's is a positive whole number of 32 bits with a sign. */
function customId(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() & 0x7fffffff || 1;
}

/** oVirt takes a dollar sign for the beginning of a variable. */
function plain(text: string): string {
  return text.replaceAll('$', '');
}

function ofAlert({ fqdn, message, reason }: AlertRow, change: 'raised' | 'cleared'): string {
  return change === 'raised'
    ? message
    : `${fqdn}: the backup alert is cleared, ${clearedInWords(reason)}.`;
}

function ofSpell({ beganAt, reason }: UnknownSpell, change: 'raised' | 'cleared'): string {
  return change === 'raised'
    ? `It is not known whether engines have fresh backups: ${reason}`
    : `It is known again whether engines have fresh backups; it was not since ${utc(beganAt)}.`;
}
