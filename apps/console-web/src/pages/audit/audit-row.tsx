import { CodeBlock, CodeBlockCode, Content } from '@patternfly/react-core';
import { useState } from 'react';
import { Cell } from '../../parts/cell.js';
import { EngineLink } from '../../parts/engine-link.js';
import { ExpandableRow } from '../../parts/expandable-row.js';
import { ForeignFacts } from '../../parts/facts.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { ExactInstant } from '../../parts/instant.js';
import { words } from '../../words/words.js';
import type { AuditRow } from './selection.js';
import { SeverityLabel } from './severity-label.js';

const { audit } = words;
export const COLUMNS = 5;

/** A row of the log; what else is known of it is shown on opening it. */
export function AuditRowBody({ row, index }: { readonly row: AuditRow; readonly index: number }) {
  const [isOpen, setOpen] = useState(false);
  const cells = (
    <>
      <Cell dataLabel={audit.time} modifier="nowrap">
        <ExactInstant at={row.log_time} />
      </Cell>
      <Cell dataLabel={audit.severity}>
        <SeverityLabel severity={row.severity} />
      </Cell>
      <Cell dataLabel={audit.engine} modifier="breakWord">
        {row.fqdn !== null && <EngineLink fqdn={row.fqdn} />}
      </Cell>
      <Cell dataLabel={audit.message} modifier="breakWord">
        <Content component="small" className="message-type">
          <ForeignText>{row.log_type_name}</ForeignText>
        </Content>
        <div className={isOpen ? undefined : 'message-in-short'}>
          <ForeignText>{row.message}</ForeignText>
        </div>
      </Cell>
    </>
  );
  return (
    <ExpandableRow
      id={`row-${row.audit_log_id}`}
      label={audit.details(visibleText(row.message))}
      columns={COLUMNS}
      {...{ index, cells, isOpen, setOpen }}
    >
      <Details row={row} />
    </ExpandableRow>
  );
}

function Details({ row }: { readonly row: AuditRow }) {
  return (
    <>
      <ForeignFacts
        facts={[
          [audit.rowId, row.audit_log_id],
          [audit.recordedAs, row.event_name],
          [audit.eventId, row.event_id],
          [audit.origin, row.origin],
          [audit.correlationId, row.correlation_id],
          [audit.alertId, row.alert_id],
          [audit.logType, String(row.log_type)],
        ]}
      />
      <CodeBlock aria-label={audit.data}>
        <CodeBlockCode>
          <ForeignText>{JSON.stringify(row.custom_data, undefined, 2)}</ForeignText>
        </CodeBlockCode>
      </CodeBlock>
    </>
  );
}
