import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { ForeignText } from '../../parts/foreign-text.js';
import { words } from '../../words/words.js';
import type { Span } from './lanes/layout.js';
import { trendsOf } from './trend/durations.js';
import { TrendDrawing, trendText } from './trend/trend-drawing.js';
import type { ListedReport } from './use-engine-reports.js';

const { trend: said } = words.engine;

/** How long backups take, and whether that changes. */
export function TrendCard({
  reports,
  span,
}: {
  readonly reports: readonly ListedReport[];
  readonly span: Span;
}) {
  const trends = trendsOf(reports);
  return (
    <Card>
      <CardTitle component="h2">{said.title}</CardTitle>
      <CardBody>
        {trends.length === 0 && <p>{said.none}</p>}
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
