import type { ProcessIdentity } from './process-identity.mjs';

export interface Lock {
  /** Adds to what others see of the holder. */
  describe(details: Record<string, unknown>): void;
  release(): void;
}
export type LockHolder = ProcessIdentity & Readonly<Record<string, unknown>>;
export type LockAttempt =
  { lock: Lock; holder?: undefined } | { holder: LockHolder; lock?: undefined };
export function tryLock(path: string, details?: Record<string, unknown>): LockAttempt;
