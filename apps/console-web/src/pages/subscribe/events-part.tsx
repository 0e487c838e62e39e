import {
  CodeBlock,
  CodeBlockCode,
  ExpandableSection,
  Skeleton,
  Title,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { words } from '../../words/words.js';
import { eventsOf, type AsyncApi, type EventRow } from './events.js';

const { subscribe: said } = words;
const CHANNELS = ['ovirt.backup-alerts', 'ovirt.backup-administration', 'ovirt.engine-backup'];
const SCHEMAS = import.meta.glob<string>('#docs/schemas/*/1.json', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** All events, by exchange, as the AsyncAPI document has them. */
export function EventsPart() {
  const { data, isError } = useQuery({
    queryKey: ['asyncapi'],
    staleTime: Infinity,
    queryFn: async () => (await import('#docs/asyncapi.json')) as unknown as AsyncApi,
  });
  if (isError) return <p>{said.eventsFailed}</p>;
  if (!data) return <Skeleton height="20rem" screenreaderText={words.common.loading} />;
  return eventsOf(data, SCHEMAS, CHANNELS).map(({ channel, events }) => (
    <section key={channel} className="subscribe-events">
      <Title headingLevel="h3">
        {said.channels[channel]} <code>{channel}</code>
      </Title>
      <Events channel={channel} events={events} />
    </section>
  ));
}

function Events({
  channel,
  events,
}: {
  readonly channel: string;
  readonly events: readonly EventRow[];
}) {
  return (
    <Table aria-label={channel} variant="compact">
      <Thead>
        <Tr>
          <Th width={25}>{said.event}</Th>
          <Th>{said.meaning}</Th>
          <Th width={15}>{said.schema}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {events.map(({ name, summary, example, schema }) => (
          <Tr key={name} id={name}>
            <Td dataLabel={said.event} modifier="breakWord">
              <code>{name}</code>
            </Td>
            <Td dataLabel={said.meaning}>
              {summary}
              {example !== undefined && (
                <ExpandableSection
                  toggleText={said.example}
                  toggleAriaLabel={`${said.example}: ${name}`}
                >
                  <CodeBlock>
                    <CodeBlockCode>{example}</CodeBlockCode>
                  </CodeBlock>
                </ExpandableSection>
              )}
            </Td>
            <Td dataLabel={said.schema}>
              {schema !== undefined && (
                <a
                  href={schema}
                  target="_blank"
                  rel="noreferrer"
                  aria-label={`${said.schema}: ${name}`}
                >
                  {said.schema}
                </a>
              )}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
