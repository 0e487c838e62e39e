import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addEngine } from '@backup-awareness/database';
import type { TestBroker, TestDatabase } from '@backup-awareness/testing';
import {
  cloudEvent,
  eventName,
  hoursAgo,
  type Report,
  report,
  routingKeyOf,
} from '@backup-awareness/testing';

const EVERY_MS = 40;
const AT_ONCE = 10;
const EPISODE_EVERY_MS = 400;
/** Long enough for the checker to see each state of an engine, where nothing keeps it from it. */
const BETWEEN_BACKUPS_MS = 1_500;

/** Reports that flow, and engines whose alerts come and go, while something breaks. */
export interface Traffic {
  /** Ids of the reports that the broker has confirmed. */
  readonly confirmed: ReadonlySet<string>;
  /** Engines whose last full backup is confirmed and fresh. */
  readonly freshEngines: ReadonlySet<string>;
  /** Reports confirmed in a second, from the start until now, or until it was stopped. */
  rate(): number;
  /** Sends no more, and resolves when all that was sent is confirmed. */
  stop(): Promise<void>;
}

/**
 * Publishes some 250 reports a second with confirms, straight to the broker, and has an engine added every 400 ms, which reports
 * a backup of two days ago and then a fresh one: its alert is raised, superseded and cleared.
 */
export function startTraffic(broker: TestBroker, database: TestDatabase, name: string): Traffic {
  const confirmed = new Set<string>();
  const freshEngines = new Set<string>();
  const startedAtMs = performance.now();
  let isStopping = false;
  let stoppedAtMs: number | undefined;

  async function send(data: Report, isBare = false): Promise<void> {
    const id = randomUUID();
    const body = isBare ? data : cloudEvent(data, id);
    await broker.publish('ovirt.engine-backup', routingKeyOf(data), body, {
      messageId: id,
      type: eventName(data),
      ...(isBare ? {} : { contentType: 'application/cloudevents+json' }),
    });
    confirmed.add(id);
  }

  async function flow(): Promise<void> {
    const sending: Promise<void>[] = [];
    for (let turn = 0; !isStopping; turn++) {
      for (let i = 0; i < AT_ONCE; i++) {
        const fqdn = `${name}-flow-${(turn * AT_ONCE + i) % 50}.example.com`;
        const status = ([1, 0, -1] as const)[turn % 3]!;
        const scope = i % 2 ? 'db' : 'files';
        sending.push(send(report({ fqdn, scope, status, output_message: `${turn}` }), i % 5 === 0));
      }
      await sleep(EVERY_MS);
    }
    await Promise.all(sending);
  }

  async function episode(number: number): Promise<void> {
    const fqdn = `${name}-episode-${number}.example.com`;
    await addEngine(database.owner, { fqdn, who: 'spec' });
    for (const hours of [48, 0]) {
      await sleep(BETWEEN_BACKUPS_MS);
      for (const scope of ['db', 'files'])
        await send(report({ fqdn, scope, done_at: hoursAgo(hours) }));
    }
    freshEngines.add(fqdn);
  }

  async function episodes(): Promise<void> {
    const running: Promise<void>[] = [];
    for (let number = 0; !isStopping; number++) {
      running.push(episode(number));
      await sleep(EPISODE_EVERY_MS);
    }
    await Promise.all(running);
  }

  const running = Promise.all([flow(), episodes()]);
  running.catch(() => undefined);
  return {
    confirmed,
    freshEngines,
    rate: () => (confirmed.size * 1_000) / ((stoppedAtMs ?? performance.now()) - startedAtMs),
    stop: async () => {
      isStopping = true;
      stoppedAtMs ??= performance.now();
      await running;
    },
  };
}
