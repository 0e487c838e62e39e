import { Alert, Content, EmptyState, EmptyStateBody } from '@patternfly/react-core';
import type { components } from '../../api/schema.js';
import { Command } from '../../parts/command.js';
import { Facts, type Fact } from '../../parts/facts.js';
import { formatCount, formatExactUtc } from '../../time/format.js';
import { words } from '../../words/words.js';
import { coveredText, hoursText } from './figures.js';
import { MonthTable } from './month-table.js';

const { reports: said } = words;

/** The report as it is printed: its span, the sum, then engine by engine. */
export function MonthReport({ report }: { readonly report: components['schemas']['MonthReport'] }) {
  const { from, until, is_over: isOver, total, engines } = report;
  if (engines.length === 0)
    return (
      <EmptyState headingLevel="h2" titleText={said.noEngines}>
        <EmptyStateBody>
          <p>{said.noEnginesText}</p>
          <Command label={said.noEnginesText}>{said.addEngine}</Command>
        </EmptyStateBody>
      </EmptyState>
    );
  const sum: Fact[] = [
    [said.covered, coveredText(total)],
    [said.engines, formatCount(total.engines)],
    [said.gaps, total.gaps === null ? said.unknown : formatCount(total.gaps)],
    [said.longestGap, hoursText(total.longest_gap_hours)],
    [said.alerts, formatCount(total.alerts)],
    [said.backups, formatCount(total.backups)],
    [said.failed, formatCount(total.failed_backups)],
  ];
  return (
    <>
      <Content component="p">
        {said.span(formatExactUtc(from), formatExactUtc(until))}. {!isOver && said.running}
      </Content>
      {total.untold > 0 && (
        <Alert isInline isPlain variant="warning" title={said.untold(total.untold)} component="p" />
      )}
      <Facts aria-label={said.all} isCompact={false} className="report-sum" facts={sum} />
      <MonthTable engines={engines} from={from} until={until} />
    </>
  );
}
