import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table';
import { Label } from '@patternfly/react-core';
import { Cell } from '../../parts/cell.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Instant } from '../../parts/instant.js';
import { formatCount } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { System } from './answer.js';
import { StateLabel } from './pipeline.js';

const { system } = words;
type Part<Name extends 'services' | 'queues'> = NonNullable<System[Name]>;

/** Each replica on its own. */
export function ServicesTable({ services }: { readonly services: Part<'services'> }) {
  return (
    <Table aria-label={system.services} variant="compact" gridBreakPoint="grid-md">
      <Head titles={[system.name, system.state, system.version, system.reason]} />
      <Tbody>
        {services.map(({ name, ready, version, reasons }, index) => (
          <Tr key={index}>
            <Cell dataLabel={system.name}>
              <ForeignText>{name}</ForeignText>
            </Cell>
            <Cell dataLabel={system.state}>
              <StateLabel state={ready ? 'good' : 'bad'} />
            </Cell>
            <Cell dataLabel={system.version}>
              <ForeignText>{version ?? system.notKnown}</ForeignText>
            </Cell>
            <Cell dataLabel={system.reason} modifier="breakWord">
              {reasons.length > 0 && (
                <ForeignText>
                  {reasons.map(({ part, reason }) => `${part}: ${reason}`).join('; ')}
                </ForeignText>
              )}
            </Cell>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

export function QueuesTable({ queues }: { readonly queues: Part<'queues'> }) {
  return (
    <Table aria-label={system.queues} variant="compact" gridBreakPoint="grid-md">
      <Head titles={[system.name, system.messages, system.consumers]} />
      <Tbody>
        {queues.map(({ name, messages, consumers }) => (
          <Tr key={name}>
            <Cell dataLabel={system.name} modifier="breakWord">
              <code>{name}</code>
            </Cell>
            <Cell dataLabel={system.messages}>
              {messages === null ? (
                <Label isCompact status="danger">
                  {system.noQueue}
                </Label>
              ) : (
                formatCount(messages)
              )}
            </Cell>
            <Cell dataLabel={system.consumers}>{consumers !== null && formatCount(consumers)}</Cell>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

type Destinations = NonNullable<System['notifier']>['destinations'];

export function DestinationsTable({ destinations }: { readonly destinations: Destinations }) {
  return (
    <Table aria-label={system.notifications} variant="compact" gridBreakPoint="grid-md">
      <Head titles={[system.destination, system.state, system.served, system.reason]} />
      <Tbody>
        {destinations.map(({ destination, seen_at, served, failing_since, error }) => (
          <Tr key={destination}>
            <Cell dataLabel={system.destination} modifier="breakWord">
              <ForeignText>{destination}</ForeignText>
            </Cell>
            <Cell dataLabel={system.state}>
              <StateLabel state={served !== false && failing_since === null ? 'good' : 'bad'} />
            </Cell>
            <Cell dataLabel={system.served}>
              <Instant at={seen_at} />
            </Cell>
            <Cell dataLabel={system.reason} modifier="breakWord">
              {served === false ? (
                system.unservedHere
              ) : failing_since === null ? (
                system.works
              ) : (
                <>
                  {system.failingSince} <Instant at={failing_since} />:{' '}
                  <ForeignText>{error ?? system.notKnown}</ForeignText>
                </>
              )}
            </Cell>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Head({ titles }: { readonly titles: readonly string[] }) {
  return (
    <Thead>
      <Tr>
        {titles.map((title) => (
          <Th key={title}>{title}</Th>
        ))}
      </Tr>
    </Thead>
  );
}
