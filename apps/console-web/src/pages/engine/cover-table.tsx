import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { formatDuration, formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { CoverSpan } from './lanes/band.js';

const { lanes: said } = words.engine;

/** The band of cover as rows; the newest stretch first. */
export function CoverTable({ spans }: { readonly spans: readonly CoverSpan[] }) {
  return (
    <Table aria-label={said.cover} variant="compact">
      <Thead>
        <Tr>
          <Th>{said.cover}</Th>
          <Th>{said.from}</Th>
          <Th>{said.until}</Th>
          <Th>{said.lasted}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {spans.toReversed().map(({ from, until, cover }) => (
          <Tr key={from}>
            <Td dataLabel={said.cover}>{said.covers[cover]}</Td>
            <Td dataLabel={said.from}>{formatExact(from)}</Td>
            <Td dataLabel={said.until}>{formatExact(until)}</Td>
            <Td dataLabel={said.lasted}>{formatDuration(Date.parse(until) - Date.parse(from))}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
