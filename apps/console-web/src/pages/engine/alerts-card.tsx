import {
  Card,
  CardBody,
  CardTitle,
  Label,
  DataList,
  DataListCell,
  DataListItem,
  DataListItemCells,
  DataListItemRow,
} from '@patternfly/react-core';
import { Link } from 'react-router';
import { ForeignText } from '../../parts/foreign-text.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { words } from '../../words/words.js';
import { At } from './evidence-parts.js';
import type { EngineAlert, EngineFacts } from './facts.js';

const { alerts: said } = words.engine;

/** The alerts that are active at the instant; dismissed ones are, too. */
export function AlertsCard({ facts }: { readonly facts: EngineFacts }) {
  return (
    <Card>
      <CardTitle component="h2">{said.title}</CardTitle>
      <CardBody>
        {facts.alerts.length === 0 ? (
          <p>{facts.isPast ? said.nonePast : said.none}</p>
        ) : (
          <DataList aria-label={said.title} isCompact>
            {facts.alerts.map((alert) => (
              <Row key={alert.alert_id} alert={alert} isPast={facts.isPast} />
            ))}
          </DataList>
        )}
        <p>
          <Link to="/alerts">{said.all}</Link>
        </p>
      </CardBody>
    </Card>
  );
}

function Row({ alert, isPast }: { readonly alert: EngineAlert; readonly isPast: boolean }) {
  const title = `alert-${alert.alert_id}`;
  return (
    <DataListItem aria-labelledby={title}>
      <DataListItemRow>
        <DataListItemCells
          dataListCells={[
            <DataListCell key="alert" wrapModifier="breakWord">
              <strong id={title}>{said.names[alert.alert] ?? alert.alert}</strong> {said.since}{' '}
              <At at={alert.since} />
              {alert.message && (
                <p>
                  <ForeignText>{alert.message}</ForeignText>
                </p>
              )}
              {!isPast && <Dismissal alert={alert} />}
            </DataListCell>,
          ]}
        />
      </DataListItemRow>
    </DataListItem>
  );
}

function Dismissal({
  alert: { dismissed_by: by, dismissed_at: at },
}: {
  readonly alert: EngineAlert;
}) {
  if (!at) return <Label isCompact>{said.open}</Label>;
  return (
    <Label isCompact color="purple">
      {said.dismissed(visibleText(by ?? ''))}
    </Label>
  );
}
