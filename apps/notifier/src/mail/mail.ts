import {
  claimBatch,
  postponeNotifications,
  readUnknownSpells,
  settleNotifications,
  type Notification,
} from '@backup-awareness/database';
import { newEventId } from '@backup-awareness/contracts';
import { readAlerts } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import { backOffMs, NOTHING_TO_TELL, type Destination } from '../destination.js';
import { noting } from '../noting.js';
import type { Links } from '../words/links.js';
import { composeMail } from './compose-mail.js';
import { halvesOf, isEmpty, mailEntries } from './mail-entries.js';
import type { Mailer } from './mailer.js';

export interface MailOptions {
  readonly db: DataSource;
  readonly mailer: Mailer;
  /** The sender's domain, which ends each message id. */
  readonly domain: string;
  readonly links: Links;
}

const NAME = 'mail';
const GATHER_MS = 2 * 60_000;

/** A mail that may have arrived is not sent again every minute. */
const MAY_HAVE_ARRIVED_PAUSE_MAX_MS = 15 * 60_000;

/**
 * Mails news at once, and gathers what follows within two minutes into the next mail. A mail that may have been accepted is sent again with
 * the same message id; one that was certainly not accepted is replaced by a mail that includes later news and omits what is no longer
 * true.
 */
export function mail({ db, mailer, domain, links }: MailOptions): Destination {
  const note = noting(db, NAME, true);
  let failures = 0;

  /** The news of what was claimed, without that which can only be judged together with what replaced it: this is released. */
  async function judge(claimed: readonly Notification[], now: number) {
    const ids = [...new Set(claimed.map(({ subjectId }) => subjectId))];
    const alerts = await readAlerts(db, { now, ids });
    const halves = halvesOf(claimed, alerts);
    await postponeNotifications(db, NAME, halves, {
      dueAt: now,
      error: null,
      isUnarrived: true,
      counts: false,
    });
    const judged = claimed.filter((one) => !halves.includes(one));
    return { judged, news: mailEntries(judged, alerts, await readUnknownSpells(db, { ids })) };
  }

  return {
    name: NAME,
    async round(pulse, signal) {
      if (pulse.version === null) return NOTHING_TO_TELL;
      const { now } = pulse;
      await note(pulse);
      const batch = newEventId();
      const claimed = await claimBatch(db, NAME, now, { batch, gatherMs: GATHER_MS });
      if (claimed.length === 0) return NOTHING_TO_TELL;
      const { judged, news } = await judge(claimed, now);
      if (isEmpty(news)) {
        await settleNotifications(db, NAME, judged, { outcome: 'not_told', now });
        return NOTHING_TO_TELL;
      }
      const name = `<${claimed[0]!.batch}@${domain}>`;
      const mailed = await mailer(composeMail(news, now, links), name, signal);
      if (mailed.outcome === 'accepted') {
        failures = 0;
        await settleNotifications(db, NAME, judged, { outcome: 'told', now });
        return { told: 1, failed: 0, givenUp: 0, error: mailed.refused };
      }
      const pauseMaxMs = mailed.isUnarrived ? undefined : MAY_HAVE_ARRIVED_PAUSE_MAX_MS;
      await postponeNotifications(db, NAME, judged, {
        dueAt: now + backOffMs((failures += 1), pauseMaxMs),
        error: mailed.error,
        isUnarrived: mailed.isUnarrived,
        counts: true,
      });
      return { told: 0, failed: 1, givenUp: 0, error: mailed.error };
    },
  };
}
