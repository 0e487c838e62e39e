import { PageSection, Spinner } from '@patternfly/react-core';
import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { useMedia } from '../../parts/use-media.js';
import { words } from '../../words/words.js';
import { hasChanged, verdictNow, type Item } from './changes.js';
import type { EngineDialog } from './engine-dialogs.js';
import { EngineRow } from './engine-row.js';
import type { EngineList } from './use-engine-list.js';

const said = words.engines;
const ROW_PX = 60;
/** Where PatternFly stacks the cells of a row; a row is then as high as it becomes. */
const STACKED = '(width < 48rem)';
/** So many rows before the end of what is there, more is fetched. */
const FETCH_BEFORE_END = 200;

interface Facts {
  readonly list: EngineList;
  readonly items: readonly Item[];
  /** False: how engines stand is not to be believed. */
  readonly isKnown: boolean;
  /** Undefined for who may not change anything. */
  readonly act: ((dialog: EngineDialog) => void) | undefined;
}

/** A table of any length: only rows near to what is seen are elements of the page. */
export function EngineTable(facts: Facts) {
  const isStacked = useMedia(STACKED);
  // What is known of heights is of no use after the change.
  return <Rows key={String(isStacked)} isStacked={isStacked} {...facts} />;
}

function Rows({
  list: { total, present, hasMore, isFetchingMore, fetchMore },
  items,
  isKnown,
  act,
  isStacked,
}: Facts & { readonly isStacked: boolean }) {
  const scroller = useRef<HTMLDivElement>(null);
  // No compiler memoizes this page, so that functions which change are no hazard.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => items[index]!.fqdn,
    overscan: 6,
    useFlushSync: false,
  });
  const rows = virtual.getVirtualItems();
  const lastSeen = rows.at(-1)?.index ?? 0;
  const needsMore = hasMore && !isFetchingMore && lastSeen > items.length - FETCH_BEFORE_END;
  useEffect(() => {
    if (needsMore) fetchMore();
  }, [needsMore, fetchMore]);
  const columns = act ? 6 : 5;
  const above = rows[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (rows.at(-1)?.end ?? 0);
  return (
    <PageSection isFilled padding={{ default: 'noPadding' }}>
      <div
        className="engines-scroller"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={said.tableLabel}
      >
        <Table
          variant="compact"
          isStickyHeader
          gridBreakPoint="grid-md"
          aria-label={said.tableLabel}
          aria-rowcount={total + 1}
        >
          <Head hasActions={act !== undefined} />
          <Tbody>
            {above > 0 && <Space height={above} columns={columns} />}
            {rows.map(({ index, key }) => {
              const item = items[index]!;
              return (
                <EngineRow
                  key={key}
                  item={item}
                  verdict={isKnown ? verdictNow(item, present) : 'unknown'}
                  isChanged={hasChanged(item, present)}
                  index={index}
                  height={isStacked ? undefined : ROW_PX}
                  measure={virtual.measureElement}
                  act={act}
                />
              );
            })}
            {below > 0 && <Space height={below} columns={columns} />}
          </Tbody>
        </Table>
        {isFetchingMore && (
          <div className="engines-more">
            <Spinner size="md" aria-label={said.loadingMore} />
          </div>
        )}
      </div>
    </PageSection>
  );
}

/** Not drawn again as rows come and go: PatternFly's cells measure themselves. */
const Head = memo(function Head({ hasActions }: { readonly hasActions: boolean }) {
  return (
    <Thead>
      <Tr aria-rowindex={1}>
        <Th width={25}>{said.columns.fqdn}</Th>
        <Th width={15}>{said.columns.verdict}</Th>
        <Th width={20}>{said.columns.age}</Th>
        <Th width={20}>{said.columns.share}</Th>
        <Th width={15}>{said.columns.turns}</Th>
        {hasActions && <Th screenReaderText={said.columns.actions} />}
      </Tr>
    </Thead>
  );
});

/** In place of the rows that are not seen. */
function Space({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr aria-hidden className="engines-space">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
