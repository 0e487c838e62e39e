import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { NOTHING_TO_TELL, type Destination, type Pulse } from '../destination.js';
import { mailerOf } from '../mail/mailer.js';
import { mail } from '../mail/mail.js';
import { spellByMail } from '../mail/spell-by-mail.js';
import { ovirt } from '../ovirt/ovirt.js';
import { spellToOvirt } from '../ovirt/post-event.js';
import { answeringServer, type AnsweringServer } from '../spec/answering-server.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW } from '../spec/example-alert.js';
import { smtpCounterpart, type SmtpCounterpart } from '../spec/smtp-counterpart.js';
import { useDatabase } from '../spec/use-database.js';
import { spellToWebhook } from '../webhook/post-event.js';
import { webhook } from '../webhook/webhook.js';
import { tellingOutages } from './telling-outages.js';

const { signal } = new AbortController();
const MINUTES = [4, 5, 6, 7, 20].map((minutes) => minutes * MINUTE_MS);

let db: DataSource;
let server: AnsweringServer;
let smtp: SmtpCounterpart;
useDatabase((opened) => ({ db } = opened));
beforeEach(async () => {
  server = await answeringServer();
  smtp = await smtpCounterpart();
});
afterEach(async () => {
  await Promise.all([server.close(), smtp.close()]);
});

/** The database has not answered since NOW. */
const without = (now: number): Pulse => ({
  now,
  version: null,
  unreadable: { sinceAt: NOW, error: 'connection refused' },
});
const withDatabase = (now: number): Pulse => ({ now, version: randomUUID(), unreadable: null });

const toWebhook = () => {
  const address = { url: `${server.url}/hook`, secret: undefined };
  return tellingOutages(webhook({ ...address, db }), spellToWebhook(address));
};
const toOvirt = () => {
  const url = `${server.url}/ovirt-engine/api`;
  const address = { url, user: 'admin@internal', password: 'p', ca: undefined };
  return tellingOutages(ovirt({ ...address, db }), spellToOvirt(address));
};
const byMail = () => {
  const addresses = { from: 'ba@example.com', to: 'you@example.com' };
  const links = { console: undefined, runbooks: undefined };
  const options = { db, mailer: mailerOf(smtp.url, addresses), domain: 'example.com', links };
  return tellingOutages(mail(options), spellByMail(options));
};
async function outage(destination: Destination): Promise<void> {
  for (const lastsMs of MINUTES) await destination.round(without(NOW + lastsMs), signal);
  for (const afterMs of [21, 22, 23].map((minutes) => minutes * MINUTE_MS))
    await destination.round(withDatabase(NOW + afterMs), signal);
}

describe('an outage of the database for more than five minutes', () => {
  it('is told to a webhook once, and its end once', async () => {
    await outage(toWebhook());
    const events = server.received.map(({ body }) => JSON.parse(body));
    expect(events).toMatchObject([
      {
        type: 'org.ovirt.BackupAwarenessUnknown',
        data: { reason: 'The database cannot be read or written: connection refused.' },
      },
      {
        type: 'org.ovirt.BackupAwarenessKnown',
        data: {
          since: new Date(NOW).toISOString(),
          ended_at: new Date(NOW + 21 * MINUTE_MS).toISOString(),
        },
      },
    ]);
    expect(events[0].data.unknown_id).toBe(events[1].data.unknown_id);
    expect(events[0].id).not.toBe(events[1].id);
  });

  it('is told to an oVirt engine once, and its end once', async () => {
    await outage(toOvirt());
    expect(server.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { severity: 'alert', description: expect.stringContaining('connection refused') },
      { severity: 'normal', description: expect.stringContaining('known again') },
    ]);
  });

  it('is mailed once, and its end once', async () => {
    await outage(byMail());
    const subjects = smtp.taken.map((one) => /^Subject: (.*)$/m.exec(one)?.[1]);
    expect(subjects).toEqual([
      expect.stringContaining('the backup status is unknown'),
      expect.stringContaining('the backup status is known again'),
    ]);
    expect(smtp.taken[0]).toContain('connection refused');
  });

  it('is told once the destination answers, and nothing is told of a shorter one', async () => {
    const one = toWebhook();
    await one.round(without(NOW + 5 * MINUTE_MS - 1), signal);
    await one.round(withDatabase(NOW + 5 * MINUTE_MS), signal);
    expect(server.received).toEqual([]);
    server.answer({ status: 503 });
    expect(await one.round(without(NOW + 6 * MINUTE_MS), signal)).toMatchObject({ failed: 1 });
    await one.round(without(NOW + 6 * MINUTE_MS + 1_000), signal);
    expect(server.received).toHaveLength(1);
    server.answer({ status: 200 });
    expect(await one.round(without(NOW + 7 * MINUTE_MS), signal)).toMatchObject({ told: 1 });
    await one.round(without(NOW + 8 * MINUTE_MS), signal);
    expect(server.received).toHaveLength(2);
  });

  it('is told also where the database can be read and not be written', async () => {
    const one = toWebhook();
    const readOnly = { ...without(NOW + 5 * MINUTE_MS), version: '1' };
    await one.round(readOnly, signal);
    expect(server.received).toHaveLength(1);
  });

  it('that returns before its end was told is the same outage', async () => {
    const one = toWebhook();
    await one.round(without(NOW + 5 * MINUTE_MS), signal);
    server.answer({ status: 503 });
    await one.round(withDatabase(NOW + 6 * MINUTE_MS), signal);
    await one.round(without(NOW + HOUR_MS), signal);
    server.answer({ status: 200 });
    await one.round(withDatabase(NOW + 2 * HOUR_MS), signal);
    const ids = server.received.map(({ body }) => JSON.parse(body).data.unknown_id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('whose end a destination refuses for three days is no longer told', async () => {
    const one = toWebhook();
    await one.round(without(NOW + 5 * MINUTE_MS), signal);
    server.answer({ status: 410 });
    await one.round(withDatabase(NOW + HOUR_MS), signal);
    await one.round(withDatabase(NOW + HOUR_MS + 3 * DAY_MS), signal);
    const { length } = server.received;
    await one.round(withDatabase(NOW + HOUR_MS + 4 * DAY_MS), signal);
    expect(server.received).toHaveLength(length);
  });

  it('holds up nothing: while its end cannot be told, everything else is', async () => {
    let rounds = 0;
    const counted: Destination = {
      name: 'counted',
      round: async () => (rounds++, NOTHING_TO_TELL),
    };
    const one = tellingOutages(counted, async () => 'refused');
    await one.round(without(NOW + 5 * MINUTE_MS), signal);
    await one.round(withDatabase(NOW + HOUR_MS), signal);
    await one.round(withDatabase(NOW + HOUR_MS + 1_000), signal);
    expect(rounds).toBe(1);
  });
});
