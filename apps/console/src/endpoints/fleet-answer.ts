import type { FleetState } from '@backup-awareness/overview/state';
import { Streamed } from '../http/endpoint.js';

const answers = new WeakMap<FleetState, Map<string, Streamed<string>>>();

/**
 * An answer in JSON about all engines, made once for all who share a fleet and ask the same.
 *
 * @param question all that the answer depends on beside the fleet
 */
export function fleetAnswer(
  fleet: FleetState,
  question: readonly unknown[],
  make: () => object,
): Streamed<string> {
  const known = answers.get(fleet) ?? new Map<string, Streamed<string>>();
  answers.set(fleet, known);
  const key = JSON.stringify(question);
  const answer = known.get(key) ?? new Streamed('application/json', JSON.stringify(make()));
  known.set(key, answer);
  return answer;
}
