import { Content } from '@patternfly/react-core';
import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table';
import { ChangedRows } from '../../parts/changed-rows.js';
import { Cell } from '../../parts/cell.js';
import { EngineLink } from '../../parts/engine-link.js';
import { ExactInstant } from '../../parts/instant.js';
import { Loaded } from '../../parts/loaded.js';
import { MoreRows } from '../../parts/more-rows.js';
import { useKeptOrder } from '../../parts/use-kept-order.js';
import { formatDuration } from '../../time/format.js';
import { words } from '../../words/words.js';
import { clearedInWords, type Alert } from './alert.js';
import { AlertName } from './alert-name.js';
import { useAlerts } from './use-alerts.js';

const { alerts } = words;
const idOf = ({ alert_id }: Alert) => alert_id;

export function PastAlerts() {
  const { items, error, refetch, ...pages } = useAlerts(false);
  const { rows, changed, show } = useKeptOrder(items, idOf);
  return (
    <Loaded isLoaded={items !== undefined} problem={error} retry={refetch}>
      <ChangedRows changed={changed} show={show} />
      {rows.length === 0 ? (
        <Content component="p">{alerts.nonePast}</Content>
      ) : (
        <Table aria-label={alerts.past} variant="compact" gridBreakPoint="grid-lg">
          <Thead>
            <Tr>
              <Th width={25}>{alerts.alert}</Th>
              <Th width={25}>{alerts.engine}</Th>
              <Th>{alerts.since}</Th>
              <Th>{alerts.lasted}</Th>
              <Th>{alerts.cleared}</Th>
            </Tr>
          </Thead>
          <Tbody>
            {rows.map(({ key, item }) => (
              <PastAlert key={key} alert={item} />
            ))}
          </Tbody>
        </Table>
      )}
      <MoreRows {...pages} />
    </Loaded>
  );
}

function PastAlert({ alert }: { readonly alert: Alert }) {
  const { cleared_at, since } = alert;
  const lasted = cleared_at === null ? undefined : Date.parse(cleared_at) - Date.parse(since);
  const why = clearedInWords(alert);
  return (
    <Tr>
      <Cell dataLabel={alerts.alert}>
        <AlertName alert={alert} />
      </Cell>
      <Cell dataLabel={alerts.engine} modifier="breakWord">
        <EngineLink fqdn={alert.fqdn} />
      </Cell>
      <Cell dataLabel={alerts.since}>
        <ExactInstant at={since} />
      </Cell>
      <Cell dataLabel={alerts.lasted} modifier="nowrap">
        {lasted === undefined ? words.common.unknown : formatDuration(lasted)}
      </Cell>
      <Cell dataLabel={alerts.cleared}>
        {cleared_at !== null && <ExactInstant at={cleared_at} />}
        {why !== undefined && <div>{why}</div>}
      </Cell>
    </Tr>
  );
}
