import { Progress, ProgressVariant } from '@patternfly/react-core';
import { formatDuration } from '../../time/format.js';
import { words } from '../../words/words.js';
import { ageShare, type EngineFacts } from './facts.js';

/** The age of the last full backup against what is allowed; nothing where there is no such age. */
export function AgeBar({
  facts,
  isDoubted,
}: {
  readonly facts: EngineFacts;
  readonly isDoubted: boolean;
}) {
  const share = ageShare(facts);
  if (share === null || facts.ageMs === null) return null;
  const text = words.engine.ageOf(
    formatDuration(facts.ageMs),
    words.engine.period(facts.periodDays),
  );
  const variant = {
    fresh: ProgressVariant.success,
    too_old: ProgressVariant.danger,
    no_full_backup: ProgressVariant.danger,
    unknown: undefined,
    retired: undefined,
  }[isDoubted ? 'unknown' : facts.verdict];
  return (
    <Progress
      className={isDoubted ? 'engine-age engine-age--doubted' : 'engine-age'}
      title={words.engine.age}
      value={Math.min(100, share * 100)}
      valueText={text}
      label={text}
      {...(variant && { variant })}
    />
  );
}
