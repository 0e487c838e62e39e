import { newEventId } from '@backup-awareness/contracts';
import type { UnknownSpell } from '@backup-awareness/database';
import { backOffMs, NOTHING_TO_TELL, type Destination, type Round } from '../destination.js';
import { outageOf } from './database-outage.js';

/** Notifies of the begin or the end of a spell without the database. @returns why that failed; null if it succeeded */
export type TellSpell = (
  spell: UnknownSpell,
  change: 'raised' | 'cleared',
  now: number,
  signal: AbortSignal,
) => Promise<string | null>;

const PAUSE_MAX_MS = 15 * 60_000;
/** A destination that refuses the end of an outage for so long is not told any more. */
const GIVEN_UP_AFTER_MS = 3 * 24 * 3_600_000;

/**
 * A destination whose notifications are rows, and which therefore is notified of an outage of the database directly: once, and once when it
 * ends. That is remembered by this process only, so each replica does it, and one that is restarted in between knows nothing of the outage.
 */
export function tellingOutages(destination: Destination, tell: TellSpell): Destination {
  /** Until its end has been told. */
  let spell: UnknownSpell | undefined;
  let isBeginTold = false;
  let failures = 0;
  let notBefore = 0;

  function follow(pulse: Parameters<Destination['round']>[0]): void {
    const outage = outageOf(pulse);
    if (outage) {
      // If it returns before its end was told, it is the same spell.
      const { unknownId, beganAt } = spell ?? { unknownId: newEventId(), beganAt: outage.beganAt };
      spell = { ...outage, unknownId, beganAt };
    } else if (spell && !pulse.unreadable) {
      spell = { ...spell, endedAt: spell.endedAt ?? pulse.now };
    }
  }

  async function tellOf(one: UnknownSpell, now: number, signal: AbortSignal): Promise<Round> {
    const isOver = one.endedAt !== null;
    const error = await tell(one, isOver ? 'cleared' : 'raised', now, signal);
    failures = error === null ? 0 : failures + 1;
    notBefore = error === null ? 0 : now + backOffMs(failures, PAUSE_MAX_MS);
    const isGivenUp = error !== null && isOver && now - one.endedAt >= GIVEN_UP_AFTER_MS;
    if (error === null) isBeginTold = !isOver;
    if (isOver && (error === null || isGivenUp)) spell = undefined;
    return { told: error === null ? 1 : 0, failed: error === null ? 0 : 1, givenUp: 0, error };
  }

  return {
    name: destination.name,
    async round(pulse, signal): Promise<Round> {
      follow(pulse);
      const { now } = pulse;
      const isToldOf = !spell || (spell.endedAt === null && isBeginTold);
      const isPaused = now < notBefore && notBefore - now <= PAUSE_MAX_MS;
      if (spell && !isToldOf && !isPaused) return tellOf(spell, now, signal);
      return pulse.version === null ? NOTHING_TO_TELL : destination.round(pulse, signal);
    },
  };
}
