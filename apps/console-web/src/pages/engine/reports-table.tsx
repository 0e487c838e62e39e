import { Button, Label } from '@patternfly/react-core';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import InProgressIcon from '@patternfly/react-icons/dist/esm/icons/in-progress-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { ForeignText } from '../../parts/foreign-text.js';
import { formatCount, formatDuration, formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { Outcome } from './lanes/layout.js';
import type { ListedReport } from './use-engine-reports.js';

const { report: said } = words.engine;
const AT_FIRST = 50;

/** The reports that the lanes show, as rows; the newest first. */
export function ReportsTable({
  reports,
  open,
}: {
  readonly reports: readonly ListedReport[];
  readonly open: (report: ListedReport) => void;
}) {
  const [shown, setShown] = useState(AT_FIRST);
  return (
    <>
      <Table aria-label={said.table} variant="compact">
        <Thead>
          <Tr>
            <Th>{said.done}</Th>
            <Th>{said.scope}</Th>
            <Th>{said.outcome}</Th>
            <Th>{said.duration}</Th>
            <Th>{said.message}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {reports.slice(0, shown).map((report) => (
            <Tr key={report.event_id} id={`report-${report.event_id}`}>
              <Td dataLabel={said.done} modifier="nowrap">
                <Button variant="link" isInline onClick={() => open(report)}>
                  {formatExact(report.done_at)}
                </Button>
              </Td>
              <Td dataLabel={said.scope}>
                <ForeignText>{report.scope}</ForeignText>
              </Td>
              <Td dataLabel={said.outcome}>
                <OutcomeLabel outcome={report.status} />
              </Td>
              <Td dataLabel={said.duration} modifier="nowrap">
                {report.duration_seconds === null
                  ? '–'
                  : formatDuration(report.duration_seconds * 1_000)}
              </Td>
              <Td dataLabel={said.message} modifier="breakWord">
                <ForeignText>{report.output_message}</ForeignText>
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {reports.length > shown && (
        <Button variant="link" onClick={() => setShown(shown + 10 * AT_FIRST)}>
          {words.engine.lanes.more(formatCount(reports.length - shown))}
        </Button>
      )}
    </>
  );
}

const OUTCOMES = {
  completed: { status: 'success', icon: <CheckCircleIcon /> },
  failed: { status: 'danger', icon: <ExclamationCircleIcon /> },
  started: { color: 'grey', icon: <InProgressIcon /> },
} as const;

function OutcomeLabel({ outcome }: { readonly outcome: Outcome }) {
  const text = outcome === 'started' ? said.startedStatus : words.engine.lanes.outcomes[outcome];
  return (
    <Label isCompact {...OUTCOMES[outcome]}>
      {text}
    </Label>
  );
}
