import { Dropdown, DropdownItem, DropdownList, Label, MenuToggle } from '@patternfly/react-core';
import EllipsisVIcon from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { Td, Tr } from '@patternfly/react-table';
import { memo, useState } from 'react';
import { useNavigate } from 'react-router';
import { EngineLink, enginePath } from '../../parts/engine-link.js';
import { VerdictLabel, type Verdict } from '../../parts/verdict-label.js';
import { formatExact, formatRelative, formatShare, formatShort } from '../../time/format.js';
import { useNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import type { Item } from './changes.js';
import type { EngineDialog } from './engine-dialogs.js';

const said = words.engines;
const DAY_MS = 86_400_000;

/** One engine. */
export const EngineRow = memo(function EngineRow({
  item,
  verdict,
  isChanged,
  index,
  measure,
  act,
}: {
  readonly item: Item;
  readonly verdict: Verdict;
  readonly isChanged: boolean;
  /** Among all rows, from 0. */
  readonly index: number;
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
    <Tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      <Td dataLabel={said.columns.fqdn} modifier="breakWord">
        <EngineLink fqdn={fqdn} />
      </Td>
      <Td dataLabel={said.columns.verdict}>
        <span className="engines-verdict">
          <VerdictLabel verdict={verdict} isCompact />
          {isChanged && (
            <Label color="blue" variant="outline" isCompact>
              {said.changedRow}
            </Label>
          )}
        </span>
      </Td>
      <Td dataLabel={said.columns.age}>{last === null ? said.never : <Both at={last} />}</Td>
      <Td dataLabel={said.columns.share}>
        {days !== null && <Share last={last} days={days} verdict={verdict} />}
      </Td>
      <Td dataLabel={said.columns.turns}>{turns !== null && <Both at={turns} />}</Td>
      {act && (
        <Td isActionCell>
          <Actions item={item} act={act} />
        </Td>
      )}
    </Tr>
  );
});

/** Relative and exact; a tooltip for each would be one stop of the tab key more in every row. */
function Both({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatExact(at)} className="engines-time">
      {formatRelative(at, now)} <small>{formatShort(at)}</small>
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
  const now = useNow();
  if (last === null) return <small className="engines-allowed">{said.allowed(days)}</small>;
  const share = Math.max(0, now - Date.parse(last)) / (days * DAY_MS);
  return (
    <span className="engines-share">
      <span className={`engines-bar engines-bar-${verdict}`} aria-hidden>
        <span style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
      {said.shareOf(formatShare(Math.round(share * 100) / 100), days)}
    </span>
  );
}

function Actions({
  item,
  act,
}: {
  readonly item: Item;
  readonly act: (dialog: EngineDialog) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const { fqdn, verdict } = item;
  const change = (kind: 'period' | 'retire' | 'resume') => () => act({ kind, fqdn });
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'right' }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          aria-label={said.actions.of(fqdn)}
          icon={<EllipsisVIcon />}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
      )}
    >
      <DropdownList>
        <DropdownItem onClick={() => void navigate(enginePath(fqdn))}>
          {said.actions.open}
        </DropdownItem>
        {verdict === 'retired' ? (
          <DropdownItem onClick={change('resume')}>{said.actions.resume}</DropdownItem>
        ) : (
          <>
            <DropdownItem onClick={change('period')}>{said.actions.setPeriod}</DropdownItem>
            <DropdownItem isDanger onClick={change('retire')}>
              {said.actions.retire}
            </DropdownItem>
          </>
        )}
      </DropdownList>
    </Dropdown>
  );
}
