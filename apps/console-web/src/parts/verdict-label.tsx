import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ClockIcon from '@patternfly/react-icons/dist/esm/icons/clock-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import PauseCircleIcon from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { memo } from 'react';
import { words } from '../words/words.js';

export type Verdict = keyof typeof words.common.verdict;

const SHOWN = {
  fresh: { status: ' pf-m-success', icon: <CheckCircleIcon /> },
  too_old: { status: ' pf-m-danger', icon: <ClockIcon /> },
  no_full_backup: { status: ' pf-m-danger', icon: <ExclamationCircleIcon /> },
  unknown: { status: '', icon: <QuestionCircleIcon /> },
  retired: { status: '', icon: <PauseCircleIcon /> },
} as const;

/**
 * A verdict by word, icon and colour: PatternFly's label, without its component, which measures itself, and so has the browser lay out a
 * long table for every row. Its style sheet is there on every page (layout/live-status).
 */
export const VerdictLabel = memo(function VerdictLabel({
  verdict,
  isCompact = false,
}: {
  readonly verdict: Verdict;
  readonly isCompact?: boolean;
}) {
  const { status, icon } = SHOWN[verdict];
  return (
    <span className={`pf-v6-c-label pf-m-filled${status}${isCompact ? ' pf-m-compact' : ''}`}>
      <span className="pf-v6-c-label__content">
        <span className="pf-v6-c-label__icon">{icon}</span>
        <span className="pf-v6-c-label__text">{words.common.verdict[verdict]}</span>
      </span>
    </span>
  );
});
