import { Label } from '@patternfly/react-core';
import { Table, Th, Thead, Tr } from '@patternfly/react-table';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { usePages } from '../../api/use-pages.js';
import { Cell } from '../../parts/cell.js';
import { ChangedRows } from '../../parts/changed-rows.js';
import { ExpandableRow } from '../../parts/expandable-row.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { ExactInstant } from '../../parts/instant.js';
import { Loaded } from '../../parts/loaded.js';
import { MoreRows } from '../../parts/more-rows.js';
import { useKeptOrder } from '../../parts/use-kept-order.js';
import { formatCount } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { ListedLetter } from './letters.js';
import { OpenedLetter } from './opened-letter.js';
import { causeOf, queryOf, type ReasonGroup } from './reasons.js';

const { deadLetters } = words;
const COLUMNS = 7;
const idOf = ({ id }: ListedLetter) => id;

/** The letters of one cause, the oldest first; where they differ in the reason, each with its own. */
export function LettersTable({ group }: { readonly group: ReasonGroup }) {
  const pages = usePages('/dead-letters', { query: queryOf(group) });
  const items = useMemo(
    () => pages.items?.filter((letter) => causeOf(letter) === group.key),
    [pages.items, group.key],
  );
  const { rows, changed, show } = useKeptOrder(items, idOf);
  const differs = group.reason === null && items?.some(({ reason }) => reason !== null) === true;
  return (
    <Loaded isLoaded={items !== undefined} problem={pages.error} retry={pages.refetch}>
      <ChangedRows changed={changed} show={show} />
      <Table
        aria-label={deadLetters.letters}
        variant="compact"
        gridBreakPoint="grid-lg"
        isExpandable
      >
        <Thead>
          <Tr>
            <Th screenReaderText={words.common.more} />
            <Th>{deadLetters.since}</Th>
            {differs && <Th>{deadLetters.got}</Th>}
            <Th>{deadLetters.queue}</Th>
            <Th>{deadLetters.sender}</Th>
            <Th>{deadLetters.key}</Th>
            <Th>{deadLetters.size}</Th>
          </Tr>
        </Thead>
        {rows.map(({ key, item, isGone }, index) => (
          <LetterRow key={key} letter={item} {...{ isGone, index, differs }} />
        ))}
      </Table>
      <MoreRows {...pages} />
    </Loaded>
  );
}

function LetterRow({
  letter,
  isGone,
  index,
  differs,
}: {
  readonly letter: ListedLetter;
  /** Whether each letter has a reason of its own. */
  readonly differs: boolean;
  readonly isGone: boolean;
  readonly index: number;
}) {
  const [isOpen, setOpen] = useState(false);
  const [outcome, setOutcome] = useState<'replayed' | 'discarded'>();
  const queryClient = useQueryClient();
  const settle = (as: 'replayed' | 'discarded') => {
    setOutcome(as);
    setOpen(false);
    void queryClient.invalidateQueries({ queryKey: ['/dead-letters'] });
  };
  const at = letter.dead_at ?? letter.received_at;
  const cells = (
    <>
      <Cell dataLabel={deadLetters.since} modifier="nowrap">
        {at === null || Number.isNaN(Date.parse(at)) ? (
          deadLetters.notTold
        ) : (
          <ExactInstant at={at} />
        )}
      </Cell>
      {differs && (
        <Cell dataLabel={deadLetters.got} modifier="breakWord">
          <ForeignText>{letter.got ?? letter.reason ?? deadLetters.notTold}</ForeignText>
        </Cell>
      )}
      <Cell dataLabel={deadLetters.queue}>
        {deadLetters.ofQueue[letter.queue]}{' '}
        {outcome && (
          <Label isCompact status="success">
            {deadLetters.settled[outcome]}
          </Label>
        )}
      </Cell>
      <Cell dataLabel={deadLetters.sender} modifier="breakWord">
        <ForeignText>{letter.user_id ?? deadLetters.notTold}</ForeignText>
      </Cell>
      <Cell dataLabel={deadLetters.key} modifier="breakWord">
        <ForeignText>{letter.routing_key}</ForeignText>
      </Cell>
      <Cell dataLabel={deadLetters.size} modifier="nowrap">
        {deadLetters.bytes(formatCount(letter.bytes))}
      </Cell>
    </>
  );
  return (
    <ExpandableRow
      className={isGone ? 'is-gone' : undefined}
      label={deadLetters.details(visibleText(letter.id))}
      columns={COLUMNS}
      {...{ index, cells, isOpen, setOpen }}
    >
      <OpenedLetter id={letter.id} onSettled={settle} />
    </ExpandableRow>
  );
}
