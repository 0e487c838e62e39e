import { Alert, Content, PageSection, Title } from '@patternfly/react-core';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useAnswer } from '../../api/use-answer.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHeading } from '../../parts/page-heading.js';
import { formatCount, formatExact } from '../../time/format.js';
import { useNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import type { System } from './answer.js';
import { ChecksAndEvents, Versions } from './facts.js';
import { Pipeline } from './pipeline.js';
import { wayIn, wayOut } from './steps.js';
import { DestinationsTable, QueuesTable, ServicesTable } from './tables.js';

const { system: text } = words;
/** Also without an event: a part that hangs sends none. */
const ASK_EVERY_MS = 10_000;

export function SystemPage() {
  const {
    data: system,
    error,
    refetch,
    dataUpdatedAt,
  } = useAnswer('/system', {}, { refetchInterval: ASK_EVERY_MS });
  return (
    <>
      <PageHeading title={words.shell.pages.system}>{text.intro}</PageHeading>
      <Loaded isLoaded={system !== undefined} problem={error} retry={refetch}>
        {error && (
          <PageSection>
            <Alert
              isInline
              variant="warning"
              title={`${text.stale} ${formatExact(dataUpdatedAt)}`}
              component="p"
            />
          </PageSection>
        )}
        {system && <Parts system={system} />}
      </Loaded>
    </>
  );
}

function Parts({ system }: { readonly system: System }) {
  const now = useNow();
  const { services, queues, notifier } = system;
  return (
    <>
      <PageSection>
        {system.unknown.length > 0 && (
          <div className="stack system-unknown">
            {system.unknown.map(({ part, reason }) => (
              <Alert
                key={part}
                isInline
                variant="custom"
                variantLabel={words.common.notKnownAlert}
                customIcon={<QuestionCircleIcon />}
                title={text.unknownParts[part]}
                component="p"
              >
                <ForeignText>{reason}</ForeignText>
              </Alert>
            ))}
          </div>
        )}
        <Title headingLevel="h2">{text.wayIn}</Title>
        <Pipeline label={text.wayIn} steps={wayIn(system, now)} />
      </PageSection>
      <Section title={text.wayOut}>
        <Pipeline label={text.wayOut} steps={wayOut(system, now)} />
      </Section>
      <Section title={text.services}>
        {services === null ? text.notKnown : <ServicesTable services={services} />}
      </Section>
      <Section title={text.queues}>
        {queues === null ? text.notKnown : <QueuesTable queues={queues} />}
      </Section>
      <Section title={text.checksAndEvents}>
        <ChecksAndEvents system={system} />
      </Section>
      <Section title={text.notifications}>
        {notifier === null && text.notKnown}
        {notifier?.destinations.length === 0 && (
          <Content component="p">{text.noDestination}</Content>
        )}
        {notifier && notifier.destinations.length > 0 && (
          <DestinationsTable destinations={notifier.destinations} />
        )}
        {notifier && notifier.undelivered > 0 && (
          <Link to="/dead-letters">{text.undelivered(formatCount(notifier.undelivered))}</Link>
        )}
      </Section>
      <Section title={text.versions}>
        <Versions versions={system.versions} />
      </Section>
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <PageSection>
      <Title headingLevel="h2">{title}</Title>
      {children}
    </PageSection>
  );
}
