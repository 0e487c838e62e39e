import type { Difference } from './difference.js';
import type { Step } from './step.js';
import { timeline } from './timeline.js';

/** A history up to where the decision and the naive model differ, for a person. */
export function inLines(
  steps: readonly Step[],
  { atStep, decided, expected, falselyFresh }: Difference,
): string {
  const lines = timeline(steps)
    .slice(0, atStep + 1)
    .map(
      ({ at, wallAt, step }) =>
        `  ${new Date(at).toISOString()} (truly ${new Date(wallAt).toISOString()}) ${JSON.stringify(step)}`,
    );
  return [
    'The history:',
    ...lines,
    'After its last step the decision says:',
    `  ${JSON.stringify(decided)}`,
    'and the naive model:',
    `  ${JSON.stringify(expected)}`,
    ...(falselyFresh === undefined ? [] : [`${falselyFresh} is not fresh by the true time.`]),
  ].join('\n');
}
