import { Label } from '@patternfly/react-core';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ClockIcon from '@patternfly/react-icons/dist/esm/icons/clock-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import PauseCircleIcon from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { words } from '../words/words.js';

export type Verdict = keyof typeof words.common.verdict;

const SHOWN = {
  fresh: { status: 'success', icon: <CheckCircleIcon /> },
  too_old: { status: 'danger', icon: <ClockIcon /> },
  no_full_backup: { status: 'danger', icon: <ExclamationCircleIcon /> },
  unknown: { color: 'grey', icon: <QuestionCircleIcon /> },
  retired: { color: 'grey', icon: <PauseCircleIcon /> },
} as const;

/** A verdict by word, icon and colour. */
export function VerdictLabel({
  verdict,
  isCompact = false,
}: {
  readonly verdict: Verdict;
  readonly isCompact?: boolean;
}) {
  return (
    <Label {...SHOWN[verdict]} isCompact={isCompact}>
      {words.common.verdict[verdict]}
    </Label>
  );
}
