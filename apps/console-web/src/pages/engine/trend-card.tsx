import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import { Command } from '../../parts/command.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { presentInstant } from '../../time/now.js';
import { words } from '../../words/words.js';
import type { Span } from './lanes/layout.js';
import { backupCommand } from './remedy.js';
import { trendsOf } from './trend/durations.js';
import { TrendDrawing, trendText } from './trend/trend-drawing.js';
import type { ListedReport } from './use-engine-reports.js';

const { trend: said } = words.engine;

/** How long backups take, and whether that changes. */
export function TrendCard({
  reports,
  span,
  isPast,
}: {
  readonly reports: readonly ListedReport[];
  readonly span: Span;
  readonly isPast: boolean;
}) {
  const trends = trendsOf(reports);
  return (
    <Card>
      <CardTitle component="h2">{said.title}</CardTitle>
      <CardBody>
        {trends.length === 0 && <NoTrend isPast={isPast} />}
        {trends.map((trend) => (
          <div key={trend.scope} className="engine-trend">
            <p>
              <ForeignText>{trendText(trend)}</ForeignText>
            </p>
            <TrendDrawing trend={trend} span={span} />
          </div>
        ))}
        {trends.length > 0 && <p className="engine-help">{said.band}</p>}
      </CardBody>
    </Card>
  );
}

function NoTrend({ isPast }: { readonly isPast: boolean }) {
  // As it was first shown, so that what is copied does not change under the pointer.
  const [command] = useState(() => backupCommand(presentInstant()));
  if (isPast) return <p>{said.none}</p>;
  return (
    <>
      <p>
        {said.none} {said.noneText}
      </p>
      <Command label={said.noneText}>{command}</Command>
    </>
  );
}
