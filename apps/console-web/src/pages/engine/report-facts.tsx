import { Facts, type Fact } from '../../parts/facts.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { formatDuration, formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { ListedReport } from './use-engine-reports.js';

const { report: said } = words.engine;

/** All that one report says. */
export function ReportFacts({ report }: { readonly report: ListedReport }) {
  const { duration_seconds: seconds } = report;
  const facts: Fact[] = [
    [said.outcome, words.engine.lanes.outcomes[report.status]],
    [said.started, report.started_at === null ? said.unknown : formatExact(report.started_at)],
    [said.done, formatExact(report.done_at)],
    [said.duration, seconds === null ? said.unknown : formatDuration(seconds * 1_000)],
    [said.received, formatExact(report.received_at)],
    [
      said.counted,
      `${formatExact(report.counted_at)}: ${words.engine.evidence.countedBy[report.counted_by]}`,
    ],
    [
      said.by,
      report.reported_by === null ? (
        said.unverified
      ) : (
        <ForeignText>{report.reported_by}</ForeignText>
      ),
    ],
    [said.message, <ForeignText key="message">{report.output_message}</ForeignText>],
    [said.log, <ForeignText key="log">{report.log_path}</ForeignText>],
    [said.run, report.run_id === null ? said.unknown : <code key="run">{report.run_id}</code>],
    [said.id, <code key="id">{report.event_id}</code>],
  ];
  return <Facts isHorizontal className="engine-report" facts={facts} />;
}
