import type { Invalid } from '@backup-awareness/contracts';

/** What became of a message. It is settled with the broker only once this is known. */
export type Outcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'duplicate' }
  /** A service's own message, which proves that reports arrive; it is not stored. */
  | { readonly kind: 'probe' }
  /** The message itself is at fault: it becomes a dead letter. */
  | { readonly kind: 'invalid'; readonly invalid: Invalid }
  /** The environment is at fault: nothing is consumed until it is fit again. */
  | { readonly kind: 'try_again'; readonly reason: string }
  /** The cause is unknown: the message is tried alone, and such tries are counted. */
  | { readonly kind: 'failed'; readonly reason: string };

/** The outcomes of messages that are settled with the broker. */
export const SETTLED_KINDS = [
  'stored',
  'duplicate',
  'probe',
  'invalid',
  'failed',
] as const satisfies readonly Outcome['kind'][];

export const STORED: Outcome = { kind: 'stored' };
export const DUPLICATE: Outcome = { kind: 'duplicate' };
export const PROBE: Outcome = { kind: 'probe' };

export function invalid(why: Invalid): Outcome {
  return { kind: 'invalid', invalid: why };
}

export function tryAgain(reason: string): Outcome {
  return { kind: 'try_again', reason };
}

export function failed(reason: string): Outcome {
  return { kind: 'failed', reason };
}
