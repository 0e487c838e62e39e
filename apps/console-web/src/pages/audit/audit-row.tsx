import {
  CodeBlock,
  CodeBlockCode,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core';
import { ExpandableRowContent, Tbody, Td, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { EngineLink } from '../../parts/engine-link.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Instant } from '../../parts/instant.js';
import { formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { AuditRow } from './selection.js';
import { SeverityLabel } from './severity-label.js';

const { audit } = words;
export const COLUMNS = 6;

/** A row of the log; what else is known of it is shown on opening it. */
export function AuditRowBody({ row, index }: { readonly row: AuditRow; readonly index: number }) {
  const [isOpen, setOpen] = useState(false);
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
        <Td dataLabel={audit.time} modifier="nowrap">
          <Instant at={row.log_time} />
        </Td>
        <Td dataLabel={audit.severity}>
          <SeverityLabel severity={row.severity} />
        </Td>
        <Td dataLabel={audit.type} modifier="breakWord">
          <ForeignText>{row.log_type_name}</ForeignText>
        </Td>
        <Td dataLabel={audit.engine} modifier="breakWord">
          {row.fqdn !== null && <EngineLink fqdn={row.fqdn} />}
        </Td>
        <Td dataLabel={audit.message} modifier="breakWord">
          <ForeignText>{row.message}</ForeignText>
        </Td>
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
    [audit.time, formatExact(row.log_time)],
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
