import { PageSection, Title } from '@patternfly/react-core';
import { PageHeading } from '../../parts/page-heading.js';
import { words } from '../../words/words.js';
import { ActiveAlerts } from './active-alerts.js';
import { PastAlerts } from './past-alerts.js';
import { useAlerts } from './use-alerts.js';

export function AlertsPage() {
  // What stands below the active ones would move when they come.
  const { isPending } = useAlerts(true);
  return (
    <>
      <PageHeading title={words.shell.pages.alerts}>{words.alerts.intro}</PageHeading>
      <PageSection>
        <Title headingLevel="h2">{words.alerts.active}</Title>
        <ActiveAlerts />
      </PageSection>
      {!isPending && (
        <PageSection>
          <Title headingLevel="h2">{words.alerts.past}</Title>
          <PastAlerts />
        </PageSection>
      )}
    </>
  );
}
