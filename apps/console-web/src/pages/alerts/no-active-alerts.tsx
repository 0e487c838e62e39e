import { EmptyState, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import BellIcon from '@patternfly/react-icons/dist/esm/icons/bell-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { Link } from 'react-router';
import { headlineOf } from '../../layout/headline.js';
import { useKnown } from '../../layout/use-known.js';
import { words } from '../../words/words.js';

const { alerts } = words;

/** That there is none is good news only while it is known. */
export function NoActiveAlerts() {
  const { overview, doubts } = useKnown();
  const { kind } = headlineOf(overview, doubts.length > 0);
  if (kind === 'safe')
    return (
      <EmptyState status="success" headingLevel="h3" icon={BellIcon} titleText={alerts.noneActive}>
        <EmptyStateBody>{alerts.noneActiveText}</EmptyStateBody>
      </EmptyState>
    );
  const isUnknown = kind === 'unknown';
  return (
    <EmptyState
      headingLevel="h3"
      icon={isUnknown ? QuestionCircleIcon : BellIcon}
      titleText={isUnknown ? alerts.notKnown : alerts.noneActive}
    >
      <EmptyStateBody>{isUnknown ? alerts.notKnownText : alerts.noneActiveText}</EmptyStateBody>
      <EmptyStateFooter>
        <Link to="/">{alerts.toOverview}</Link>
      </EmptyStateFooter>
    </EmptyState>
  );
}
