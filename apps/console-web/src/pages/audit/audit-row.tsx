import {
  CodeBlock,
  CodeBlockCode,
  Content,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core';
import { ExpandableRowContent, Tbody, Td, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { Cell } from '../../parts/cell.js';
import { EngineLink } from '../../parts/engine-link.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { formatExact, formatRelative } from '../../time/format.js';
import { useNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import type { AuditRow } from './selection.js';
import { SeverityLabel } from './severity-label.js';

const { audit } = words;
export const COLUMNS = 5;

/** A row of the log; what else is known of it is shown on opening it. */
export function AuditRowBody({ row, index }: { readonly row: AuditRow; readonly index: number }) {
  const [isOpen, setOpen] = useState(false);
  const now = useNow();
  return (
    <Tbody isExpanded={isOpen} id={`row-${row.audit_log_id}`}>
      <Tr isContentExpanded={isOpen}>
        <Td
          expand={{
            rowIndex: index,
            isExpanded: isOpen,
            onToggle: () => setOpen(!isOpen),
            expandId: 'audit-row',
          }}
          aria-label={audit.details(visibleText(row.message))}
        />
        <Cell dataLabel={audit.time} modifier="nowrap">
          <time dateTime={row.log_time}>{formatExact(row.log_time)}</time>
          <Content component="small">{formatRelative(row.log_time, now)}</Content>
        </Cell>
        <Cell dataLabel={audit.severity}>
          <SeverityLabel severity={row.severity} />
        </Cell>
        <Cell dataLabel={audit.engine} modifier="breakWord">
          {row.fqdn !== null && <EngineLink fqdn={row.fqdn} />}
        </Cell>
        <Cell dataLabel={audit.message} modifier="breakWord">
          <Content component="small">
            <ForeignText>{row.log_type_name}</ForeignText>
          </Content>
          <div className={isOpen ? undefined : 'message-in-short'}>
            <ForeignText>{row.message}</ForeignText>
          </div>
        </Cell>
      </Tr>
      {isOpen && (
        <Tr isExpanded>
          <Td colSpan={COLUMNS}>
            <ExpandableRowContent>
              <Details row={row} />
            </ExpandableRowContent>
          </Td>
        </Tr>
      )}
    </Tbody>
  );
}

function Details({ row }: { readonly row: AuditRow }) {
  const known: [string, string | null][] = [
    [audit.rowId, row.audit_log_id],
    [audit.recordedAs, row.event_name],
    [audit.eventId, row.event_id],
    [audit.origin, row.origin],
    [audit.correlationId, row.correlation_id],
    [audit.alertId, row.alert_id],
    [audit.logType, String(row.log_type)],
  ];
  return (
    <>
      <DescriptionList isCompact columnModifier={{ default: '1Col', lg: '2Col' }}>
        {known.map(
          ([term, text]) =>
            text !== null && (
              <DescriptionListGroup key={term}>
                <DescriptionListTerm>{term}</DescriptionListTerm>
                <DescriptionListDescription>
                  <ForeignText>{text}</ForeignText>
                </DescriptionListDescription>
              </DescriptionListGroup>
            ),
        )}
      </DescriptionList>
      <CodeBlock aria-label={audit.data}>
        <CodeBlockCode>
          <ForeignText>{JSON.stringify(row.custom_data, undefined, 2)}</ForeignText>
        </CodeBlockCode>
      </CodeBlock>
    </>
  );
}
