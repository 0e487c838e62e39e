import { Button, Label } from '@patternfly/react-core';
import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useIsOperator } from '../../api/use-session.js';
import { ChangedRows } from '../../parts/changed-rows.js';
import { Cell } from '../../parts/cell.js';
import { EngineLink } from '../../parts/engine-link.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { ExactInstant } from '../../parts/instant.js';
import { Loaded } from '../../parts/loaded.js';
import { MoreRows } from '../../parts/more-rows.js';
import type { KeptRow } from '../../parts/kept-order.js';
import { useKeptOrder } from '../../parts/use-kept-order.js';
import { words } from '../../words/words.js';
import type { Alert } from './alert.js';
import { AlertsToCome } from './alerts-to-come.js';
import { AlertName } from './alert-name.js';
import { Dismissal } from './dismissal.js';
import { DismissDialog } from './dismiss-dialog.js';
import { NoActiveAlerts } from './no-active-alerts.js';
import { TakeBackDialog } from './take-back-dialog.js';
import { useAlerts } from './use-alerts.js';

const { alerts } = words;
const idOf = ({ alert_id }: Alert) => alert_id;

export function ActiveAlerts() {
  const { items, error, refetch, ...pages } = useAlerts(true);
  const { rows, changed, show } = useKeptOrder(items, idOf);
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Alert>();
  const close = () => {
    setAsked(undefined);
    void queryClient.invalidateQueries({ queryKey: ['/alerts'] });
  };
  return (
    <Loaded isLoaded={items !== undefined} problem={error} retry={refetch}>
      <ChangedRows changed={changed} show={show} />
      {rows.length === 0 ? <NoActiveAlerts /> : <AlertsTable rows={rows} ask={setAsked} />}
      <MoreRows {...pages} />
      {items && items.length > 0 && !pages.hasNextPage && <AlertsToCome active={items} />}
      {asked?.dismissed_at === null && <DismissDialog alert={asked} close={close} />}
      {asked && asked.dismissed_at !== null && <TakeBackDialog alert={asked} close={close} />}
    </Loaded>
  );
}

function AlertsTable({
  rows,
  ask,
}: {
  readonly rows: readonly KeptRow<Alert>[];
  readonly ask: (alert: Alert) => void;
}) {
  const isOperator = useIsOperator();
  return (
    <Table aria-label={alerts.active} variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th width={35}>{alerts.alert}</Th>
          <Th width={20}>{alerts.engine}</Th>
          <Th modifier="nowrap">{alerts.since}</Th>
          <Th width={25}>{alerts.state}</Th>
          {isOperator && <Th screenReaderText={alerts.actions} />}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map(({ key, item, isGone }) => (
          <Tr key={key} className={isGone ? 'is-gone' : undefined}>
            <Cell dataLabel={alerts.alert}>
              <AlertName alert={item} />
            </Cell>
            <Cell dataLabel={alerts.engine} modifier="breakWord">
              <EngineLink fqdn={item.fqdn} />
            </Cell>
            <Cell dataLabel={alerts.since} modifier="nowrap">
              <ExactInstant at={item.since} />
            </Cell>
            <Cell dataLabel={alerts.state}>
              {isGone ? (
                <Label variant="outline">{alerts.clearedNow}</Label>
              ) : (
                <Dismissal alert={item} />
              )}
            </Cell>
            {isOperator && (
              <Cell dataLabel={alerts.actions}>{!isGone && <Action alert={item} ask={ask} />}</Cell>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Action({ alert, ask }: { readonly alert: Alert; readonly ask: (alert: Alert) => void }) {
  const fqdn = visibleText(alert.fqdn);
  const isDismissed = alert.dismissed_at !== null;
  return (
    <Button
      variant="secondary"
      size="sm"
      aria-label={isDismissed ? alerts.takeBackOf(fqdn) : alerts.dismissOf(fqdn)}
      onClick={() => ask(alert)}
    >
      {isDismissed ? alerts.takeBack : alerts.dismiss}
    </Button>
  );
}
