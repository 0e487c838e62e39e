import { Label, Skeleton, Title } from '@patternfly/react-core';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import type { ReactNode } from 'react';
import type { Known } from '../../layout/use-known.js';
import { EngineLink } from '../../parts/engine-link.js';
import { words } from '../../words/words.js';
import { headlineWords, type HeadlineWords } from './headline-words.js';
import './status-panel.css';

const SHOWN = {
  safe: { icon: CheckCircleIcon, label: { status: 'success' } },
  risk: { icon: ExclamationCircleIcon, label: { status: 'danger' } },
  unknown: { icon: QuestionCircleIcon, label: { color: 'grey' } },
  none: { icon: PlusCircleIcon, label: { color: 'grey' } },
} as const;

/** What is said first: one sentence, one colour, one icon, one word. */
export function StatusPanel({
  known: { overview, doubts },
  children,
}: {
  readonly known: Known;
  /** Below the sentence. */
  readonly children?: ReactNode;
}) {
  const said = headlineWords(overview, doubts.length > 0);
  const { icon: Icon, label } = SHOWN[said.kind];
  return (
    <div className={`status-panel status-panel-${said.kind}`}>
      <Icon className="status-panel-icon" />
      <div className="status-panel-text">
        <Title headingLevel="h1" size="2xl" aria-live="polite">
          <Sentence said={said} />
        </Title>
        {said.details.map((detail) => (
          <p key={detail}>{detail}</p>
        ))}
        {children}
      </div>
      <Label {...label} className="status-panel-word">
        {words.overview.word[said.kind]}
      </Label>
    </div>
  );
}

/** Of the same size as what follows it. */
export function StatusPanelToCome() {
  return (
    <div className="status-panel status-panel-unknown">
      <div className="status-panel-text">
        <Skeleton fontSize="2xl" width="60%" screenreaderText={words.common.loading} />
        <Skeleton width="40%" />
      </div>
    </div>
  );
}

function Sentence({ said: { sentence, names, more } }: { readonly said: HeadlineWords }) {
  if (names.length === 0) return sentence;
  return (
    <>
      {sentence}:{' '}
      <span className="status-panel-names">
        {names.map((fqdn, index) => (
          <span key={fqdn}>
            <EngineLink fqdn={fqdn} />
            {index < names.length - 1 && ','}
          </span>
        ))}
        <span>{more > 0 ? `${words.overview.sentence.more(more)}.` : ''}</span>
      </span>
    </>
  );
}
