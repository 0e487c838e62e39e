import { errorText } from '@backup-awareness/contracts';
import {
  claimHeads,
  noteScheduled,
  postponeNotifications,
  settleNotifications,
  type Notification,
} from '@backup-awareness/database';
import type { DataSource } from 'typeorm';
import { backOffMs, NOTHING_TO_TELL, type Destination } from '../destination.js';
import type { Links } from '../words/links.js';
import { composeDigest, type DigestView } from './compose-digest.js';
import type { Mailed, Mailer } from './mailer.js';
import type { Schedule } from './schedule.js';

export interface DigestOptions {
  readonly db: DataSource;
  readonly mailer: Mailer;
  /** The sender's domain, which ends each message id. */
  readonly domain: string;
  readonly schedule: Schedule;
  readonly view: () => Promise<DigestView>;
  readonly links: Links;
}

const NAME = 'digest';
const PAUSE_MAX_MS = 15 * 60_000;
const LOOKS_EVERY_MS = 30_000;

/** A scheduled mail with the status, sent once for all replicas. If several could not be sent, only the latest is. */
export function digest({ db, mailer, domain, schedule, view, links }: DigestOptions): Destination {
  let lookedAt = -Infinity;

  /** A status that cannot be read is a digest that cannot be sent. */
  async function send({ notedAt, subjectId }: Notification, signal: AbortSignal): Promise<Mailed> {
    try {
      const mail = composeDigest(await view(), links);
      return await mailer(mail, `<digest-${notedAt}-${subjectId}@${domain}>`, signal);
    } catch (error) {
      return {
        outcome: 'failed',
        error: `the status cannot be read: ${errorText(error)}`,
        isUnarrived: true,
      };
    }
  }

  return {
    name: NAME,
    async round({ now, version }, signal) {
      if (version === null || (now >= lookedAt && now - lookedAt < LOOKS_EVERY_MS))
        return NOTHING_TO_TELL;
      const scheduledAt = schedule.latestUntil(now);
      if (scheduledAt !== null) await noteScheduled(db, NAME, { scheduledAt, now });
      const [claimed] = await claimHeads(db, NAME, now, 1);
      lookedAt = now;
      if (!claimed) return NOTHING_TO_TELL;
      const mailed = await send(claimed, signal);
      if (mailed.outcome === 'accepted') {
        await settleNotifications(db, NAME, [claimed], { outcome: 'told', now });
        return { told: 1, failed: 0, givenUp: 0, error: mailed.refused };
      }
      const { error } = mailed;
      const dueAt = now + backOffMs(claimed.tries, PAUSE_MAX_MS);
      const how = { dueAt, error, isUnarrived: false, counts: true };
      await postponeNotifications(db, NAME, [claimed], how);
      return { told: 0, failed: 1, givenUp: 0, error };
    },
  };
}
