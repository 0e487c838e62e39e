import { EmptyState, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import BellIcon from '@patternfly/react-icons/dist/esm/icons/bell-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { Link } from 'react-router';
import { headlineOf } from '../../layout/headline.js';
import { useKnown } from '../../layout/use-known.js';
import { words } from '../../words/words.js';
import { CheckComing } from './alerts-to-come.js';

const { alerts } = words;

/** That there is none is good news only while it is known. */
export function NoActiveAlerts() {
  const { overview, doubts } = useKnown();
  const { kind, atRisk } = headlineOf(overview, doubts.length > 0);
  if (kind === 'safe')
    return (
      <EmptyState status="success" headingLevel="h3" icon={BellIcon} titleText={alerts.noneActive}>
        <EmptyStateBody>{alerts.noneActiveText}</EmptyStateBody>
      </EmptyState>
    );
  // Such as engines that have registered by themselves: the next check raises their alerts.
  if (kind === 'risk') return <NoneYet atRisk={atRisk} checkAt={overview?.next_check_at ?? null} />;
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

function NoneYet({
  atRisk,
  checkAt,
}: {
  readonly atRisk: number;
  readonly checkAt: string | null;
}) {
  return (
    <EmptyState
      status="warning"
      headingLevel="h3"
      icon={ExclamationTriangleIcon}
      titleText={alerts.noneYet(atRisk)}
    >
      <EmptyStateBody>
        <CheckComing atRisk={atRisk} at={checkAt} />
      </EmptyStateBody>
      <EmptyStateFooter>
        <Link to="/">{alerts.toOverview}</Link>
      </EmptyStateFooter>
    </EmptyState>
  );
}
