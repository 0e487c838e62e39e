import {
  Button,
  FormSelect,
  FormSelectOption,
  Label,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { formatShare } from '../../time/format.js';
import { words } from '../../words/words.js';
import { SORTS, VERDICTS, type Filter } from './filter.js';

const said = words.engines;
const SEARCH_AFTER_MS = 250;

/** Search, filter, order; what has changed; and how to add an engine. */
export function EngineToolbar({
  filter,
  setFilter,
  total,
  changes,
  renew,
  add,
}: {
  readonly filter: Filter;
  readonly setFilter: (change: Partial<Filter>) => void;
  /** Undefined until it is known. */
  readonly total: number | undefined;
  readonly changes: number;
  readonly renew: () => void;
  /** Undefined for who may not. */
  readonly add?: () => void;
}) {
  const { verdict, sort, shareFrom, shareBelow } = filter;
  return (
    <Toolbar inset={{ default: 'insetLg' }}>
      <ToolbarContent>
        <ToolbarItem>
          <Search filter={filter} setFilter={setFilter} />
        </ToolbarItem>
        <ToolbarItem>
          <FormSelect
            aria-label={said.verdict}
            value={verdict ?? ''}
            onChange={(_event, value) =>
              setFilter({ verdict: VERDICTS.find((one) => one === value) })
            }
          >
            <FormSelectOption value="" label={said.anyVerdict} />
            {VERDICTS.map((one) => (
              <FormSelectOption key={one} value={one} label={words.common.verdict[one]} />
            ))}
          </FormSelect>
        </ToolbarItem>
        <ToolbarItem>
          <FormSelect
            aria-label={said.sort}
            value={sort}
            onChange={(_event, value) =>
              setFilter({ sort: SORTS.find((one) => one === value) ?? 'worst' })
            }
          >
            {SORTS.map((one) => (
              <FormSelectOption key={one} value={one} label={said.sorts[one]} />
            ))}
          </FormSelect>
        </ToolbarItem>
        {(shareFrom !== undefined || shareBelow !== undefined) && (
          <ToolbarItem alignSelf="center">
            <Label
              color="blue"
              closeBtnAriaLabel={said.removeShare}
              onClose={() => setFilter({ shareFrom: undefined, shareBelow: undefined })}
            >
              {said.share(
                formatShare(Number(shareFrom ?? 0)),
                shareBelow === undefined ? null : formatShare(Number(shareBelow)),
              )}
            </Label>
          </ToolbarItem>
        )}
        <ToolbarItem alignSelf="center" className="engines-total">
          <span role="status">{total !== undefined && said.total(total)}</span>
        </ToolbarItem>
        {changes > 0 && (
          <ToolbarItem>
            <Button variant="secondary" onClick={renew}>
              {said.changed(changes)}
            </Button>
          </ToolbarItem>
        )}
        {add && (
          <ToolbarItem align={{ default: 'alignEnd' }}>
            <Button onClick={add}>{said.actions.add}</Button>
          </ToolbarItem>
        )}
      </ToolbarContent>
    </Toolbar>
  );
}

/** What is typed is searched for after a moment. */
function Search({
  filter,
  setFilter,
}: {
  readonly filter: Filter;
  readonly setFilter: (change: Partial<Filter>) => void;
}) {
  const [typed, setTyped] = useState<string>();
  useEffect(() => {
    if (typed === undefined) return;
    const timer = setTimeout(() => {
      setFilter({ search: typed });
      setTyped(undefined);
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  });
  return (
    <SearchInput
      aria-label={said.search}
      placeholder={said.search}
      value={typed ?? filter.search}
      onChange={(_event, value) => setTyped(value)}
      onClear={() => {
        setTyped(undefined);
        setFilter({ search: '' });
      }}
      resetButtonLabel={said.clear}
    />
  );
}
