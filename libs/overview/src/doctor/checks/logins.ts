import { skipped, type Observation } from '../check.js';
import { fact } from '../facts.js';
import type { Passwords } from '../target.js';

/** That these logins were not tried, since their passwords are unknown. */
export function loginsNotTried<Name extends string>(
  names: readonly Name[],
  { known, variables, optional }: Passwords<Name>,
  userOf: (name: Name) => string,
): Observation[] {
  const untried = names.filter((name) => known[name] === undefined && !optional.includes(name));
  if (untried.length === 0) return [];
  const users = untried.map(userOf);
  const needed = untried.map((name) => variables[name]);
  return [
    skipped(fact('logins_not_tried', { users, variables: needed }), {
      kind: 'set_variables',
      names: needed,
    }),
  ];
}
