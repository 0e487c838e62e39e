import type { PolicyState } from './broker-state.js';

/** One setting of a queue, and the policy that it comes from. */
export interface PolicySetting {
  readonly value: unknown;
  readonly policy: string;
  readonly isOperators: boolean;
}

/**
 * The effective policy of a queue, as the broker computes it: of policies and of operator policies the one with the highest priority
 * applies, and where both set a number the smaller one wins. Computed here, since a broker that collects no statistics does not tell.
 */
export function effectivePolicy(
  queue: { readonly name: string; readonly type: string },
  policies: readonly PolicyState[],
  operatorPolicies: readonly PolicyState[],
): ReadonlyMap<string, PolicySetting> {
  const ordinary = winning(queue, policies);
  const operators = winning(queue, operatorPolicies);
  const settings = new Map<string, PolicySetting>();
  for (const [key, value] of Object.entries(ordinary?.definition ?? {}))
    settings.set(key, { value, policy: ordinary!.name, isOperators: false });
  for (const [key, value] of Object.entries(operators?.definition ?? {})) {
    const other = settings.get(key)?.value;
    if (typeof other === 'number' && typeof value === 'number' && other <= value) continue;
    settings.set(key, { value, policy: operators!.name, isOperators: true });
  }
  return settings;
}

function winning(
  queue: { readonly name: string; readonly type: string },
  policies: readonly PolicyState[],
): PolicyState | undefined {
  return policies
    .filter((policy) => appliesTo(policy, queue.type) && matches(policy, queue.name))
    .reduce<PolicyState | undefined>(
      (best, policy) => (best && best.priority >= policy.priority ? best : policy),
      undefined,
    );
}

function appliesTo({ 'apply-to': applyTo }: PolicyState, type: string): boolean {
  return applyTo === 'all' || applyTo === 'queues' || applyTo === `${type}_queues`;
}

/** A pattern that only the broker's dialect understands counts as a match: a false warning is better than a missed one. */
function matches({ pattern }: PolicyState, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return true;
  }
}
