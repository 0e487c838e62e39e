import { errorText, placeOf } from '@backup-awareness/contracts/plain';
import type { UnknownSpell } from '@backup-awareness/database';
import {
  backOffMs,
  NOTHING_TO_TELL,
  type Destination,
  type Pulse,
  type Round,
} from '../destination.js';
import { send } from '../http/send.js';
import { outageOf } from '../unknown/database-outage.js';
import type { Links } from '../words/links.js';
import { CLEARED_IS_TOLD_FOR_MS, postableAlerts, type PostableAlert } from './postable-alerts.js';
import type { AlertView } from './situation.js';

export interface AlertmanagerOptions {
  /** The URL of one replica, without the path of its API. */
  readonly url: string;
  readonly links: Links;
  /** Reads the alerts that are active or ended after an instant, and everything else that is sent with them. */
  readonly read: (now: number, endedAfter: number) => Promise<Omit<AlertView, 'endedAfter'>>;
}

const EVERY_MS = 60_000;
const PART = 500;

/** A larger difference means that the clocks differ; a smaller one may be network delay. */
const CLOCKS_DIFFER_MS = 30_000;

/** After an outage, alerts that ended longer ago than this are not sent. */
const AWAY_MAX_MS = 3 * 24 * 3_600_000;

/**
 * One replica of Alertmanager. It gets all current alerts every minute and after each change, so a restart on either side is repaired within a
 * minute. Any number of notifiers may send to it, and nothing is stored about what was sent.
 */
export function alertmanager({ url, links, read }: AlertmanagerOptions): Destination {
  const endpoint = apiOf(url);
  let latest: AlertView | undefined;
  /** Since when the alerts could not be read although the database answers, and the latest error. */
  let unread: Pulse['unreadable'] = null;
  let unreadTimes = 0;
  let outage: UnknownSpell | undefined;
  let toldVersion: string | null = null;
  let toldAt: number | undefined;
  let reachedAt: number | undefined;
  let failures = 0;
  let notBefore = 0;
  /** How far its clock is ahead of the database's: it resolves alerts by its own clock. */
  let aheadMs = 0;

  async function readLatest(now: number, endedAfter: number): Promise<void> {
    try {
      latest = { ...(await read(now, endedAfter)), endedAfter };
      unread = null;
      unreadTimes = 0;
    } catch (error) {
      unread = { sinceAt: Math.min(now, unread?.sinceAt ?? now), error: errorText(error) };
      unreadTimes += 1;
    }
  }

  /** Active alerts are repeated while they cannot be read: Alertmanager would resolve them otherwise. */
  async function view(pulse: Pulse): Promise<AlertView> {
    const { now, version } = pulse;
    const endedAfter = Math.max(
      now - AWAY_MAX_MS,
      Math.min(now, reachedAt ?? now) - CLEARED_IS_TOLD_FOR_MS,
    );
    if (version !== null) await readLatest(now, endedAfter);
    const current = outageOf({ now, unreadable: earlier(pulse.unreadable, unread) });
    if (current) outage = { ...current, unknownId: 'database' };
    else outage &&= { ...outage, endedAt: outage.endedAt ?? now };
    const known = latest ?? { alerts: [], spells: [], monitored: 0, endedAfter };
    return { ...known, endedAfter, spells: [...known.spells, ...(outage ? [outage] : [])] };
  }

  function isDue({ now, version }: Pulse): boolean {
    if (now < notBefore && notBefore - now <= EVERY_MS) return false;
    if (toldAt === undefined || now < toldAt || now - toldAt >= EVERY_MS) return true;
    return version !== null && version !== toldVersion;
  }

  return {
    // Two may be on one host.
    name: `alertmanager ${placeOf(url).replace(/\/+$/, '')}`,
    async round(pulse: Pulse, signal: AbortSignal): Promise<Round> {
      if (!isDue(pulse)) return NOTHING_TO_TELL;
      const alerts = postableAlerts(await view(pulse), pulse.now + aheadMs, links);
      const round = await post(endpoint, alerts, signal);
      failures = round.isReached ? 0 : failures + 1;
      const pauseMs = backOffMs(Math.max(failures, unreadTimes));
      notBefore = round.isReached && !unread ? 0 : pulse.now + pauseMs;
      if (round.isReached) {
        const differsMs = (round.answeredAt ?? pulse.now) - pulse.now;
        const isAsKnown = Math.abs(differsMs - aheadMs) < CLOCKS_DIFFER_MS;
        if (!isAsKnown) aheadMs = Math.abs(differsMs) < CLOCKS_DIFFER_MS ? 0 : differsMs;
        reachedAt = pulse.now;
        // Send again what was sent with times of the wrong clock.
        toldAt = isAsKnown ? pulse.now : undefined;
        if (!unread) toldVersion = pulse.version;
      }
      const error = unread && `the alerts cannot be read: ${unread.error}`;
      return { ...round, error: round.error ?? error };
    },
  };
}

function earlier(one: Pulse['unreadable'], other: Pulse['unreadable']): Pulse['unreadable'] {
  return one && other ? (one.sinceAt <= other.sinceAt ? one : other) : (one ?? other);
}

function apiOf(url: string): string {
  const endpoint = new URL(url);
  endpoint.pathname = `${endpoint.pathname.replace(/\/+$/, '')}/api/v2/alerts`;
  return endpoint.href;
}

/**
 * Posts in chunks. A refused chunk is not posted again before the next minute: Alertmanager has accepted its valid alerts. If Alertmanager
 * does not answer, the remaining chunks are left for the next round.
 */
async function post(
  endpoint: string,
  alerts: readonly PostableAlert[],
  signal: AbortSignal,
): Promise<Round & { readonly isReached: boolean; readonly answeredAt?: number | undefined }> {
  let told = 0;
  let answeredAt: number | undefined;
  let refused: string | null = null;
  for (let from = 0; from === 0 || from < alerts.length; from += PART) {
    const part = alerts.slice(from, from + PART);
    const sent = await send(
      endpoint,
      { headers: { 'content-type': 'application/json' }, body: JSON.stringify(part) },
      signal,
    );
    if (sent.outcome === 'unavailable')
      return { told, failed: 1, givenUp: 0, error: sent.error, isReached: false };
    if (sent.outcome === 'accepted') {
      told += part.length;
      answeredAt ??= sent.answeredAt;
    } else {
      refused = sent.error;
    }
  }
  const failed = refused === null ? 0 : 1;
  return { told, failed, givenUp: 0, error: refused, isReached: true, answeredAt };
}
