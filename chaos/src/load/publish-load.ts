import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_BACKUP_EXCHANGE } from '@backup-awareness/contracts';
import { connect, type ConfirmChannel } from 'amqplib';
import type { LoadPlan } from './load-plan.js';
import { plannedMessage } from './plan-message.js';
import { openSpool, readSpool, type SpoolWriter } from './spool.js';
import { openWire, type Wire } from './wire.js';

export interface PublishLoad {
  readonly plan: LoadPlan;
  readonly amqpUrl: string;
  /** The folder of its spool. An existing spool is continued. */
  readonly folder: string;
}

const TICK_MS = 20;
/** As many messages may be unconfirmed. */
const UNCONFIRMED_MAX = 1_000;
const RECONNECT_MS = 200;

/**
 * Publishes a load with confirms and resolves when all of it is confirmed or refused: its count, or what was made until `signal`
 * aborted. While there is no broker it keeps making messages at its pace, and sends them when the broker is back.
 */
export async function publishLoad(options: PublishLoad, signal: AbortSignal): Promise<void> {
  const outbox = openOutbox(options, signal);
  while (!outbox.isDone()) {
    try {
      await publishUntilDone(options, outbox);
    } catch (error) {
      // A message that cannot be made or encoded: trying again would never end.
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      // Whatever the broker did, what is not confirmed is sent again.
      await sleep(RECONNECT_MS);
      outbox.make();
    }
  }
}

interface Outbox {
  /** Makes what is due by now. */
  make(): void;
  /** The next message to send; undefined while there is none. */
  next(): { readonly number: number; confirm(): void; refuse(): void } | undefined;
  /** Sends everything again that was sent and is not confirmed. */
  rewind(): void;
  unconfirmed(): number;
  /** Writes to the spool what was confirmed or refused. */
  keep(): void;
  isDone(): boolean;
  readonly madeAt: readonly number[];
}

function openOutbox({ plan, folder }: PublishLoad, signal: AbortSignal): Outbox {
  const spool = openSpool(folder);
  const { madeAt: before, confirmed, refused } = readSpool(folder);
  const madeAt = [...before];
  const waiting = new Set(madeAt.keys());
  [...confirmed, ...refused].forEach((number) => waiting.delete(number));
  let toSend = [...waiting];
  let fresh: number[] = [];
  let freshlyRefused: number[] = [];
  const make = maker(plan, spool, madeAt, waiting, signal, (number) => toSend.push(number));
  return {
    madeAt,
    make,
    next: () => {
      const number = toSend.shift();
      if (number === undefined) return undefined;
      return {
        number,
        confirm: () => {
          if (waiting.delete(number)) fresh.push(number);
        },
        refuse: () => {
          if (waiting.delete(number)) freshlyRefused.push(number);
        },
      };
    },
    rewind: () => {
      toSend = [...waiting];
    },
    unconfirmed: () => waiting.size - toSend.length,
    keep: () => {
      spool.confirmed(fresh);
      spool.refused(freshlyRefused);
      [fresh, freshlyRefused] = [[], []];
    },
    isDone: () =>
      waiting.size === 0 &&
      fresh.length + freshlyRefused.length === 0 &&
      (signal.aborted || (plan.count !== undefined && madeAt.length >= plan.count)),
  };
}

/** Makes messages at the load's pace since its first one: backups continue while the publisher is dead. */
function maker(
  plan: LoadPlan,
  spool: SpoolWriter,
  madeAt: number[],
  waiting: Set<number>,
  signal: AbortSignal,
  onMade: (number: number) => void,
): () => void {
  return () => {
    if (signal.aborted) return;
    const atMs = Date.now();
    const elapsedMs = atMs - (madeAt[0] ?? atMs);
    const due = plan.perSecond
      ? 1 + Math.floor((elapsedMs * plan.perSecond) / 1_000)
      : madeAt.length + UNCONFIRMED_MAX - waiting.size;
    const until = Math.min(due, plan.count ?? Infinity);
    const lines = [];
    for (let number = madeAt.length; number < until; number += 1) lines.push({ number, atMs });
    spool.made(lines);
    for (const { number } of lines) {
      madeAt.push(atMs);
      waiting.add(number);
      onMade(number);
    }
  };
}

async function publishUntilDone({ plan, amqpUrl }: PublishLoad, outbox: Outbox): Promise<void> {
  const url = new URL(amqpUrl);
  url.searchParams.set('heartbeat', '5');
  const connection = await connect(url.href, { noDelay: true, timeout: 5_000 });
  const wire = openWire(amqpUrl);
  let lost: Error | undefined;
  const lose = (error?: Error): void => {
    lost ??= error ?? new Error('the connection was closed');
  };
  connection.on('error', lose);
  connection.on('close', lose);
  try {
    outbox.rewind();
    const channel = await connection.createConfirmChannel();
    channel.on('error', lose);
    channel.on('close', lose);
    while (!outbox.isDone()) {
      if (lost) throw lost;
      outbox.make();
      send(plan, channel, wire, outbox, lose);
      await sleep(plan.perSecond ? TICK_MS : 0);
      outbox.keep();
    }
  } finally {
    outbox.keep();
    // A hanging broker never answers a close.
    const closed = [wire.close(), connection.close().catch(() => undefined)];
    await Promise.race([Promise.all(closed), sleep(1_000)]);
  }
}

function send(
  plan: LoadPlan,
  channel: ConfirmChannel,
  wire: Wire,
  outbox: Outbox,
  lose: (error: Error) => void,
): void {
  while (outbox.unconfirmed() < UNCONFIRMED_MAX) {
    const next = outbox.next();
    if (!next) return;
    const message = plannedMessage(plan, next.number, outbox.madeAt);
    const { routingKey, body, options } = message;
    if (message.wire) {
      wire
        .send({ exchange: ENGINE_BACKUP_EXCHANGE, body, ...message.wire })
        .then((fate) => (fate === 'confirmed' ? next.confirm() : next.refuse()), lose);
      continue;
    }
    channel.publish(
      ENGINE_BACKUP_EXCHANGE,
      routingKey,
      body,
      { persistent: true, ...options },
      (error) => (error ? lose(error as Error) : next.confirm()),
    );
  }
}
