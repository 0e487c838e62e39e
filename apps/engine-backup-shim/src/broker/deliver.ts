import type { OutgoingEvent } from '@backup-awareness/contracts/plain';
import type { BrokerSession } from './broker-session.js';
import { BrokerUnavailable, EventRefused } from './broker-errors.js';

/** The events of one record, and what to do with their outcome. */
export interface Delivery {
  readonly events: readonly OutgoingEvent[];
  /** All events have been confirmed. */
  confirmed(): void;
  /** At least one event can never be delivered, for this reason; the others have been confirmed. */
  refused(reason: string): void;
}

export interface DeliveryLimits {
  /** A broker that confirms nothing for this long is considered hung. */
  readonly silenceMs: number;
}

const MAX_EVENTS_UNDER_WAY = 500;

/**
 * Publishes all deliveries in order, many in flight at once; each is settled when all its events are.
 *
 * When the broker refuses an event it closes the channel, which fails everything in flight, and does not say which event it was. The
 * unsettled ones are then published again, one event at a time, until the refused event is found.
 *
 * @param deliveries called again after a refusal, then without those already settled
 * @throws BrokerUnavailable if the broker accepts no more now; the rest is not settled
 */
export async function deliver(
  open: () => Promise<BrokerSession>,
  deliveries: () => Iterable<Delivery>,
  limits: DeliveryLimits,
): Promise<void> {
  const refusals: Refusals = new Map();
  let isOneByOne = false;
  for (;;) {
    const session = await open();
    const watch = watchSilence(session, limits.silenceMs);
    const round = isOneByOne ? findRefused : deliverInOrder;
    try {
      await round({ session, refusals, heard: watch.heard }, deliveries());
      return;
    } catch (error) {
      if (!(error instanceof EventRefused)) throw error;
      isOneByOne = !isOneByOne;
    } finally {
      watch.stop();
      await session.close();
    }
  }
}

/** Why events were refused when published alone, by event id. */
type Refusals = Map<string, string>;

interface Round {
  readonly session: BrokerSession;
  readonly refusals: Refusals;
  heard(): void;
}

async function deliverInOrder(round: Round, deliveries: Iterable<Delivery>): Promise<void> {
  let underWay = 0;
  let failure: unknown;
  let roomMade: (() => void) | undefined;
  const send = async (delivery: Delivery) => {
    const events = deliverable(round, delivery);
    underWay += events.length;
    try {
      await Promise.all(events.map((event) => publish(round, event)));
      settle(round, delivery);
    } catch (error) {
      failure ??= error;
    } finally {
      underWay -= events.length;
      roomMade?.();
    }
  };
  const sent: Promise<void>[] = [];
  for (const delivery of deliveries) {
    if (failure) break;
    sent.push(send(delivery));
    while (underWay >= MAX_EVENTS_UNDER_WAY)
      await new Promise<void>((resolve) => (roomMade = resolve));
  }
  await Promise.all(sent);
  if (failure) throw failure;
}

/** @throws EventRefused once an event has been refused alone */
async function findRefused(round: Round, deliveries: Iterable<Delivery>): Promise<void> {
  for (const delivery of deliveries) {
    for (const event of deliverable(round, delivery)) {
      await publish(round, event).catch((error: unknown) => {
        if (error instanceof EventRefused) round.refusals.set(event.id, error.message);
        throw error;
      });
    }
    settle(round, delivery);
  }
}

function deliverable({ refusals }: Round, { events }: Delivery): readonly OutgoingEvent[] {
  return events.filter(({ id }) => !refusals.has(id));
}

async function publish({ session, heard }: Round, event: OutgoingEvent): Promise<void> {
  await session.publish(event);
  heard();
}

function settle({ refusals }: Round, { events, confirmed, refused }: Delivery): void {
  const reasons = events.flatMap(({ id, subject }) => {
    const reason = refusals.get(id);
    return reason === undefined ? [] : `${subject}: ${reason}`;
  });
  if (reasons.length === 0) confirmed();
  else refused(reasons.join('\n'));
}

function watchSilence(session: BrokerSession, silenceMs: number) {
  const seconds = silenceMs / 1000;
  const tooLong = () => session.abandon(new BrokerUnavailable(`no confirm within ${seconds} s`));
  const timer = setTimeout(tooLong, silenceMs);
  return {
    heard: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}
