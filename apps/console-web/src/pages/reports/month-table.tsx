import { Button } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr, type ThProps } from '@patternfly/react-table';
import { useState } from 'react';
import { Link } from 'react-router';
import { ForeignText } from '../../parts/foreign-text.js';
import { formatCount, formatExactUtc } from '../../time/format.js';
import { words } from '../../words/words.js';
import { coveredText, hoursText } from './figures.js';
import { ordered, type EngineMonth, type OrderBy } from './order.js';

const { reports: said } = words;
const AT_FIRST = 200;
/** The columns that sort, by their place. */
const ORDERS: readonly (OrderBy | undefined)[] = ['fqdn', 'covered', 'gap'];

/** Engine by engine, the least covered first. */
export function MonthTable({
  engines,
  from,
  until,
}: {
  readonly engines: readonly EngineMonth[];
  readonly from: string;
  readonly until: string;
}) {
  const [sort, setSort] = useState<{ index: number; direction: 'asc' | 'desc' }>({
    index: 1,
    direction: 'asc',
  });
  const [isWhole, showAll] = useState(false);
  const rows = ordered(engines, ORDERS[sort.index]!, sort.direction);
  const shown = isWhole ? rows : rows.slice(0, AT_FIRST);
  const sortBy = (columnIndex: number): NonNullable<ThProps['sort']> => ({
    columnIndex,
    sortBy: sort,
    onSort: (_event, index, direction) => setSort({ index, direction }),
  });
  return (
    <>
      <Table
        aria-label={said.table}
        variant="compact"
        className="report-table"
        gridBreakPoint="grid-lg"
      >
        <Thead>
          <Tr>
            <Th sort={sortBy(0)} width={20}>
              {said.engine}
            </Th>
            <Th sort={sortBy(1)} modifier="nowrap">
              {said.covered}
            </Th>
            <Th sort={sortBy(2)} modifier="nowrap">
              {said.longestGap}
            </Th>
            <Th modifier="nowrap">{said.gaps}</Th>
            <Th>{said.alerts}</Th>
            <Th modifier="nowrap">{said.backups}</Th>
            <Th>{said.failed}</Th>
            <Th modifier="nowrap">{said.dismissed}</Th>
            <Th>{said.lastFull}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {shown.map((engine) => (
            <Row key={engine.fqdn} engine={engine} from={from} until={until} />
          ))}
        </Tbody>
      </Table>
      {shown.length < rows.length && (
        <Button variant="link" onClick={() => showAll(true)}>
          {said.showAll(formatCount(rows.length))}
        </Button>
      )}
    </>
  );
}

function Row({
  engine,
  from,
  until,
}: {
  readonly engine: EngineMonth;
  readonly from: string;
  readonly until: string;
}) {
  const { fqdn, covered_percent: percent, gaps } = engine;
  // What is known from before the month is not worth a word.
  const since =
    engine.can_tell_since !== null && engine.can_tell_since > from ? engine.can_tell_since : null;
  return (
    <Tr>
      <Th dataLabel={said.engine} modifier="breakWord" scope="row">
        <Link to={`/engines/${encodeURIComponent(fqdn)}?at=${until.slice(0, 19)}Z`}>
          <ForeignText>{fqdn}</ForeignText>
        </Link>
      </Th>
      <Td dataLabel={said.covered}>
        {coveredText(engine)}
        {percent !== null && <CoverBar percent={percent} />}
        {since !== null && <small> ({said.unknownSince(formatExactUtc(since))})</small>}
      </Td>
      <Td dataLabel={said.longestGap}>{hoursText(engine.longest_gap_hours)}</Td>
      <Td dataLabel={said.gaps}>{gaps === null ? said.unknown : formatCount(gaps)}</Td>
      <Td dataLabel={said.alerts}>{formatCount(engine.alerts)}</Td>
      <Td dataLabel={said.backups}>{formatCount(engine.backups)}</Td>
      <Td dataLabel={said.failed}>{formatCount(engine.failed_backups)}</Td>
      <Td dataLabel={said.dismissed} modifier="breakWord">
        {engine.dismissals.length === 0 && said.none}
        {engine.dismissals.map(({ who, when, comment }) => (
          <div key={`${who} ${when}`}>
            <ForeignText>{said.dismissal(who, formatExactUtc(when))}</ForeignText>
            {comment !== null && (
              <>
                : <ForeignText>{comment}</ForeignText>
              </>
            )}
          </div>
        ))}
      </Td>
      <Td dataLabel={said.lastFull}>
        {engine.last_full_backup_at === null
          ? said.none
          : formatExactUtc(engine.last_full_backup_at)}
      </Td>
    </Tr>
  );
}

/** The share as a bar; the figure beside it says the same. */
function CoverBar({ percent }: { readonly percent: number }) {
  return (
    <svg className="report-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width={100} height={6} className="report-bar__missing" />
      <rect width={percent} height={6} className="report-bar__covered" />
    </svg>
  );
}
