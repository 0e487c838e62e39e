import type { DoctorFact } from './facts.js';
import type { Remedy } from './remedy.js';

/** The doctor's checks, in the order in which they are shown: what others depend on comes first. */
export const DOCTOR_CHECKS = [
  'database',
  'migrations',
  'roles',
  'clock',
  'broker',
  'topology',
  'bindings',
  'users',
  'permissions',
  'policies',
  'services',
  'last-check',
  'lag',
  'outbox',
  'dead-letters',
  'unrouted',
  'tls-expiry',
  'broker-alarms',
  'disk',
  'reporters',
  'versions',
  'notifications',
] as const;

export type DoctorCheckName = (typeof DOCTOR_CHECKS)[number];

/** `skipped`: it could not look, so that it does not know. */
export const DOCTOR_STATES = ['failed', 'warning', 'skipped', 'ok'] as const;
export type DoctorState = (typeof DOCTOR_STATES)[number];

/** One thing that a check has found. */
export interface Observation {
  readonly state: DoctorState;
  readonly fact: DoctorFact;
  /** Null if nothing has to be done. */
  readonly remedy: Remedy | null;
}

export interface DoctorCheck {
  readonly name: DoctorCheckName;
  /** That of its worst observation. */
  readonly state: DoctorState;
  /** The worst first. */
  readonly observations: readonly Observation[];
}

/** A check of these observations: what is fine is left out where something is wrong. */
export function checkOf(name: DoctorCheckName, all: readonly Observation[]): DoctorCheck {
  const state = all.toSorted(bySeverity)[0]?.state ?? 'skipped';
  const isWrong = state === 'failed' || state === 'warning';
  const observations = all.filter((one) => !isWrong || one.state !== 'ok').toSorted(bySeverity);
  return { name, state, observations };
}

function bySeverity(a: Observation, b: Observation): number {
  return DOCTOR_STATES.indexOf(a.state) - DOCTOR_STATES.indexOf(b.state);
}

/** Whether nothing has failed. A check that was skipped is no failure: it says itself that it does not know. */
export function isHealthy(checks: readonly DoctorCheck[]): boolean {
  return checks.every(({ state }) => state !== 'failed');
}

export function ok(fact: DoctorFact): Observation {
  return { state: 'ok', fact, remedy: null };
}

export function warning(fact: DoctorFact, remedy: Remedy): Observation {
  return { state: 'warning', fact, remedy };
}

export function failed(fact: DoctorFact, remedy: Remedy): Observation {
  return { state: 'failed', fact, remedy };
}

export function skipped(fact: DoctorFact, remedy: Remedy | null = null): Observation {
  return { state: 'skipped', fact, remedy };
}
