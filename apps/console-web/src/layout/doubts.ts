import type { Answer } from '../api/use-answer.js';
import type { Connection } from '../live/connection.js';

/** Why what is shown may not be true; of the API (trust.reasons), or of the page itself. */
export type Doubt = Answer<'/overview'>['trust']['reasons'][number];

export interface Knowledge {
  /** The latest answer; undefined if there is none. */
  readonly overview: Answer<'/overview'> | undefined;
  /** Why the latest question was not answered; null if it was. */
  readonly error: Error | null;
  readonly connection: Connection['type'];
  /** By the product's clock, in milliseconds. */
  readonly now: number;
}

/** What is older than this is not to be shown as true. */
export const KNOWN_FOR_MS = 60_000;

/** Every reason not to believe what is shown; none: it is true. Empty, too, before the first answer. */
export function doubtsOf({ overview, error, connection, now }: Knowledge): Doubt[] {
  const ageMs = overview ? now - Date.parse(overview.now) : 0;
  return [
    ...(connection === 'lost' ? [doubt('connection_lost')] : []),
    ...(error ? [doubt('not_answered', { error: error.message })] : []),
    ...(ageMs > KNOWN_FOR_MS ? [doubt('outdated', { ageMs })] : []),
    ...(overview?.trust.reasons ?? []),
  ];
}

function doubt(kind: string, parameters: Doubt['parameters'] = {}): Doubt {
  return { kind, parameters, instants: {} };
}
