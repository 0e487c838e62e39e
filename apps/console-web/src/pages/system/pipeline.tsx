import { Icon, Label } from '@patternfly/react-core';
import ArrowRightIcon from '@patternfly/react-icons/dist/esm/icons/arrow-right-icon';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { ForeignText } from '../../parts/foreign-text.js';
import { words } from '../../words/words.js';
import type { Box, State, Step } from './steps.js';
import './pipeline.css';

const SHOWN = {
  good: { status: 'success', icon: <CheckCircleIcon /> },
  warning: { status: 'warning', icon: <ExclamationTriangleIcon /> },
  bad: { status: 'danger', icon: <ExclamationCircleIcon /> },
  unknown: { color: 'grey', icon: <QuestionCircleIcon /> },
} as const;

/** How a part of the product is, by word, icon and colour. */
export function StateLabel({ state }: { readonly state: State }) {
  return (
    <Label isCompact {...SHOWN[state]}>
      {words.system.states[state]}
    </Label>
  );
}

/** A part of the way of a report: boxes, and on each arrow what waits there. Stacked on a phone. */
export function Pipeline({
  label,
  steps,
}: {
  readonly label: string;
  readonly steps: readonly Step[];
}) {
  return (
    <ol className="pipeline" aria-label={label}>
      {steps.map(({ boxes, arrow }) => (
        <li key={boxes[0]!.name} className="pipeline-step">
          {arrow && (
            <div className={`pipeline-arrow${arrow.isWaiting ? ' is-waiting' : ''}`}>
              <span>{arrow.text}</span>
              <Icon size="lg">
                <ArrowRightIcon />
              </Icon>
            </div>
          )}
          <div className="pipeline-boxes">
            {boxes.map((box) => (
              <PipelineBox key={box.name} box={box} />
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

function PipelineBox({ box: { name, state, notes } }: { readonly box: Box }) {
  return (
    <div className={`pipeline-box is-${state ?? 'outside'}`}>
      <strong>{name}</strong>
      {state && <StateLabel state={state} />}
      {notes.map((note) => (
        <small key={note}>
          <ForeignText>{note}</ForeignText>
        </small>
      ))}
    </div>
  );
}
