import {
  errorText,
  describe,
  refuseSender,
  type Invalid,
  type Result,
} from '@backup-awareness/contracts';
import {
  DUPLICATE,
  failed,
  invalid,
  STORED,
  tryAgain,
  type Delivery,
  type Outcome,
} from './delivery.js';

/** What became of a valid message. */
type Kept = 'stored' | 'duplicate' | 'id_reused' | 'not_authorised' | 'unknown_engine';

type Fault = 'data' | 'environment' | 'unknown';

/** A parsed message: a report, or another event that may concern an engine. */
export interface Storable {
  readonly fqdn: string | null;
}

export interface BatchStore<T extends Storable> {
  /** Parses one message by itself. */
  readonly parse: (delivery: Delivery) => Result<T>;
  /** Stores all of them, or throws and stores none. */
  readonly store: (values: readonly T[]) => Promise<readonly Kept[]>;
  /** What an error of `store` blames: a value, the environment, or neither. */
  readonly faultOf: (error: unknown) => Fault;
}

/** Stores the valid messages of a batch together. @returns the outcome of each message */
export async function storeBatch<T extends Storable>(
  batch: readonly Delivery[],
  how: BatchStore<T>,
): Promise<Outcome[]> {
  const parsed = batch.map((delivery) => how.parse(delivery));
  const good = parsed.flatMap((result, index) =>
    result.ok ? [{ value: result.value, userId: batch[index]!.userId }] : [],
  );
  const stored = await storeHalving(good, how);
  let next = 0;
  return parsed.map((result) => (result.ok ? stored[next++]! : invalid(result.invalid)));
}

/** A valid message and its sender. */
interface Good<T> {
  readonly value: T;
  readonly userId: string | undefined;
}

/** Stores what it can: halves a batch that fails until the refused value is alone. */
async function storeHalving<T extends Storable>(
  values: readonly Good<T>[],
  how: BatchStore<T>,
): Promise<readonly Outcome[]> {
  if (values.length === 0) return [];
  try {
    const kept = await how.store(values.map(({ value }) => value));
    return kept.map((it, index) => outcomeOf(it, values[index]!));
  } catch (error) {
    const fault = how.faultOf(error);
    if (fault === 'environment') return values.map(() => tryAgain(errorText(error)));
    if (values.length === 1)
      return [fault === 'data' ? refusedByDatabase(error) : failed(errorText(error))];
    const middle = Math.ceil(values.length / 2);
    const left = await storeHalving(values.slice(0, middle), how);
    return [...left, ...(await storeHalving(values.slice(middle), how))];
  }
}

function outcomeOf(kept: Kept, { value, userId }: Good<Storable>): Outcome {
  if (kept === 'not_authorised') return invalid(notAuthorised(userId));
  if (kept === 'unknown_engine') return invalid(unknownEngine(value.fqdn ?? ''));
  return OUTCOMES[kept];
}

/** Does not name the engine's user: a reader of dead letters need not know whom to impersonate. */
function notAuthorised(userId: string | undefined): Invalid {
  const expected =
    'the broker user of that engine, or, if it has none, a user of no other engine (see backup-awareness engines list)';
  return refuseSender(expected, userId).invalid;
}

function unknownEngine(fqdn: string): Invalid {
  const expected =
    'a known engine, since reports may register no more engines (EngineRegistrationMax)';
  const got = describe(fqdn);
  const remedy = `add it with backup-awareness engines add ${fqdn}, then replay this dead letter`;
  return {
    reason: `unknown engine: expected ${expected}, got ${got}; ${remedy}`,
    path: 'data.fqdn',
    expected,
    got,
  };
}

const OUTCOMES: Readonly<Record<'stored' | 'duplicate' | 'id_reused', Outcome>> = {
  stored: STORED,
  duplicate: DUPLICATE,
  id_reused: invalid({
    reason:
      'id reused: a message of this engine with the same id but different content is already stored',
    path: 'id',
    expected: 'an id that no other message has',
    got: 'the id of a message with different content',
  }),
};

function refusedByDatabase(error: unknown): Outcome {
  const got = errorText(error);
  const expected = 'data that the database can store';
  return invalid({ reason: `expected ${expected}, got: ${got}`, path: 'data', expected, got });
}
