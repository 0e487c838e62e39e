import type { Difference } from './difference.js';
import type { Step } from './step.js';
import { timeline } from './timeline.js';

/** A history up to where the decision and the naive model part, for a person. */
export function inLines(steps: readonly Step[], { atStep, decided, expected }: Difference): string {
  const lines = timeline(steps)
    .slice(0, atStep + 1)
    .map(({ at, step }) => `  ${new Date(at).toISOString()} ${JSON.stringify(step)}`);
  return [
    'The history:',
    ...lines,
    'After its last step the decision says:',
    `  ${JSON.stringify(decided)}`,
    'and the naive model:',
    `  ${JSON.stringify(expected)}`,
  ].join('\n');
}
