import { memo } from 'react';
import { EngineLink } from '../../parts/engine-link.js';
import { VerdictLabel, type Verdict } from '../../parts/verdict-label.js';
import { formatExact, formatRelative, formatShare, formatShort } from '../../time/format.js';
import { useOfNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import { shareAt, type Item } from './changes.js';
import type { EngineDialog } from './engine-dialogs.js';
import { RowActions } from './row-actions.js';

const said = words.engines;

/**
 * One engine. Of plain elements with PatternFly's classes: its components for cells and labels each measure themselves as they come, which
 * has the browser lay out the whole table for every row that is scrolled to.
 */
export const EngineRow = memo(function EngineRow({
  item,
  verdict,
  isChanged,
  index,
  height,
  measure,
  act,
}: {
  readonly item: Item;
  readonly verdict: Verdict;
  readonly isChanged: boolean;
  /** Among all rows, from 0. */
  readonly index: number;
  /** In pixels; undefined: as high as it becomes, which `measure` is told. */
  readonly height: number | undefined;
  readonly measure: (row: HTMLTableRowElement | null) => void;
  readonly act: ((dialog: EngineDialog) => void) | undefined;
}) {
  const {
    fqdn,
    last_full_backup_at: last,
    turns_too_old_at: turns,
    alert_period_days: days,
  } = item;
  return (
    <tr
      ref={height === undefined ? measure : null}
      data-index={index}
      aria-rowindex={index + 2}
      className="pf-v6-c-table__tr engines-row"
      style={{ height }}
    >
      <td className={CELL} data-label={said.columns.fqdn}>
        <span className="engines-name" title={fqdn}>
          <EngineLink fqdn={fqdn} />
        </span>
      </td>
      <td className={CELL} data-label={said.columns.verdict}>
        <span className="engines-verdict">
          <VerdictLabel verdict={verdict} isCompact />
          {isChanged && CHANGED}
        </span>
      </td>
      <td className={CELL} data-label={said.columns.age}>
        {last === null ? said.never : <Both at={last} />}
      </td>
      <td className={CELL} data-label={said.columns.share}>
        {days !== null && <Share last={last} days={days} verdict={verdict} />}
      </td>
      <td className={CELL} data-label={said.columns.turns}>
        {turns !== null && <Both at={turns} />}
      </td>
      {act && (
        <td className={`${CELL} pf-v6-c-table__action`}>
          <RowActions item={item} act={act} />
        </td>
      )}
    </tr>
  );
});

const CELL = 'pf-v6-c-table__td';
const CHANGED = (
  <span className="pf-v6-c-label pf-m-outline pf-m-blue pf-m-compact">
    <span className="pf-v6-c-label__content">
      <span className="pf-v6-c-label__text">{said.changedRow}</span>
    </span>
  </span>
);

/** Relative and exact; a tooltip for each would be one stop of the tab key more in every row. */
function Both({ at }: { readonly at: string }) {
  const relative = useOfNow((now) => formatRelative(at, now));
  return (
    <time dateTime={at} title={formatExact(at)} className="engines-time">
      {relative} <small>{formatShort(at)}</small>
    </time>
  );
}

function Share({
  last,
  days,
  verdict,
}: {
  readonly last: string | null;
  readonly days: number;
  readonly verdict: Verdict;
}) {
  const share = useOfNow((now) => (last === null ? 0 : shareAt(now, last, days)));
  if (last === null) return <small className="engines-allowed">{said.allowed(days)}</small>;
  return (
    <span className="engines-share">
      <span className={`engines-bar engines-bar-${verdict}`} aria-hidden>
        <span style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
      {said.shareOf(formatShare(share), days)}
    </span>
  );
}
