import { Bullseye, PageSection, Spinner } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useIsOperator } from '../../api/use-session.js';
import { useKnown } from '../../layout/use-known.js';
import { PageHeading } from '../../parts/page-heading.js';
import { ProblemState } from '../../parts/problem-state.js';
import { ReasonList } from '../../parts/reason-list.js';
import { words } from '../../words/words.js';
import { EngineTable } from './engine-table.js';
import { EngineToolbar } from './engine-toolbar.js';
import { EngineDialogs, type EngineDialog } from './engine-dialogs.js';
import { filterOf, isFiltered, queryOf, type Filter } from './filter.js';
import { NoEngines } from './no-engines.js';
import { useEngineList } from './use-engine-list.js';
import './engines.css';

/** All engines in a table; search, filter and order are in the address. */
export function EnginesPage() {
  const [address, setAddress] = useSearchParams();
  const filter = useMemo(() => filterOf(address), [address]);
  const list = useEngineList(filter);
  const isOperator = useIsOperator();
  const { doubts } = useKnown();
  const [dialog, setDialog] = useState<EngineDialog>();
  const setFilter = (change: Partial<Filter>) =>
    setAddress(queryOf({ ...filter, ...change }), { replace: true });
  const { items, error, total } = list;
  return (
    <>
      <PageHeading title={words.engines.title} />
      <PageSection padding={{ default: 'noPadding' }}>
        <EngineToolbar
          filter={filter}
          setFilter={setFilter}
          total={items && total}
          changes={list.changes}
          renew={list.renew}
          {...(isOperator && { add: () => setDialog({ kind: 'add' }) })}
        />
        <div className="engines-reasons">
          <ReasonList reasons={doubts} />
        </div>
      </PageSection>
      {error && !items && <ProblemState problem={error} retry={list.renew} />}
      {!items && !error && (
        <Bullseye>
          <Spinner aria-label={words.common.loading} />
        </Bullseye>
      )}
      {items && items.length === 0 && (
        <NoEngines
          isFiltered={isFiltered(filter)}
          clear={() => setAddress({}, { replace: true })}
        />
      )}
      {items && items.length > 0 && (
        <EngineTable
          key={address.toString()}
          list={list}
          items={items}
          isKnown={list.isKnown && doubts.length === 0}
          act={isOperator ? setDialog : undefined}
        />
      )}
      {dialog && <EngineDialogs dialog={dialog} onClose={() => setDialog(undefined)} />}
    </>
  );
}
