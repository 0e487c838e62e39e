import type { OutgoingEvent } from '@backup-awareness/contracts/plain';
import type { BrokerSession } from './broker-session.js';
import { BrokerUnavailable, EventRefused } from './broker-trouble.js';

/** One record's events, and what is done when it is known what became of them. */
export interface Consignment {
  readonly events: readonly OutgoingEvent[];
  /** All of them have been confirmed. */
  confirmed(): void;
  /** At least one of them can never be delivered, for this reason; the others have been confirmed. */
  refused(reason: string): void;
}

export interface DeliveryLimits {
  /** As long as the broker confirms nothing for that long, it hangs. */
  readonly silenceMs: number;
}

const MAX_EVENTS_UNDER_WAY = 500;

/**
 * Delivers all of them in their order, many under way at once; each is settled when all its events are.
 *
 * A refusal by the broker ends its channel and everything under way, and does not say over which event. What is not settled is then
 * published again, one event at a time, until the one at fault is found.
 *
 * @param consignments asked again after a refusal: then without those that were settled
 * @throws BrokerUnavailable where the broker takes no more now; the rest is not settled
 */
export async function deliver(
  open: () => Promise<BrokerSession>,
  consignments: () => Iterable<Consignment>,
  limits: DeliveryLimits,
): Promise<void> {
  const refusals: Refusals = new Map();
  let isCareful = false;
  for (;;) {
    const session = await open();
    const watch = watchSilence(session, limits.silenceMs);
    const round = isCareful ? findRefused : deliverInOrder;
    try {
      await round({ session, refusals, heard: watch.heard }, consignments());
      return;
    } catch (error) {
      if (!(error instanceof EventRefused)) throw error;
      isCareful = !isCareful;
    } finally {
      watch.stop();
      await session.close();
    }
  }
}

/** The reasons of those events that were refused when they were published alone, by their ids. */
type Refusals = Map<string, string>;

interface Round {
  readonly session: BrokerSession;
  readonly refusals: Refusals;
  heard(): void;
}

async function deliverInOrder(round: Round, consignments: Iterable<Consignment>): Promise<void> {
  let underWay = 0;
  let trouble: unknown;
  let roomMade: (() => void) | undefined;
  const send = async (consignment: Consignment) => {
    const events = deliverable(round, consignment);
    underWay += events.length;
    try {
      await Promise.all(events.map((event) => publish(round, event)));
      settle(round, consignment);
    } catch (error) {
      trouble ??= error;
    } finally {
      underWay -= events.length;
      roomMade?.();
    }
  };
  const sent: Promise<void>[] = [];
  for (const consignment of consignments) {
    if (trouble) break;
    sent.push(send(consignment));
    while (underWay >= MAX_EVENTS_UNDER_WAY)
      await new Promise<void>((resolve) => (roomMade = resolve));
  }
  await Promise.all(sent);
  if (trouble) throw trouble;
}

/** @throws EventRefused once an event has been refused alone */
async function findRefused(round: Round, consignments: Iterable<Consignment>): Promise<void> {
  for (const consignment of consignments) {
    for (const event of deliverable(round, consignment)) {
      await publish(round, event).catch((error: unknown) => {
        if (error instanceof EventRefused) round.refusals.set(event.id, error.message);
        throw error;
      });
    }
    settle(round, consignment);
  }
}

function deliverable({ refusals }: Round, { events }: Consignment): readonly OutgoingEvent[] {
  return events.filter(({ id }) => !refusals.has(id));
}

async function publish({ session, heard }: Round, event: OutgoingEvent): Promise<void> {
  await session.publish(event);
  heard();
}

function settle({ refusals }: Round, { events, confirmed, refused }: Consignment): void {
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
