import { PageSection } from '@patternfly/react-core';
import { usePrefetchQuery } from '@tanstack/react-query';
import { answerOptions } from '../../api/use-answer.js';
import { useTitle } from '../../layout/title.js';
import { useKnown } from '../../layout/use-known.js';
import { ProblemState } from '../../parts/problem-state.js';
import { ReasonList } from '../../parts/reason-list.js';
import { words } from '../../words/words.js';
import { Begin } from './begin.js';
import { forecastOptions } from './forecast-chart.js';
import { Fleet } from './fleet.js';
import { OneEngine } from './one-engine.js';
import { StatusPanel, StatusPanelToCome } from './status-panel.js';
import { NextToTurn, TrustLine } from './trust-line.js';

/** Whether every engine is safe, what happens next, and how that is known. */
export function OverviewPage() {
  useTitle(words.shell.pages.overview);
  const known = useKnown();
  const { overview, doubts, error, refetch } = known;
  // Wall and forecast do not wait until it is known that they are needed: of one engine or none they are short.
  usePrefetchQuery(answerOptions('/wall'));
  usePrefetchQuery(forecastOptions);
  const isKnown = doubts.length === 0;
  if (!overview && error)
    return (
      <PageSection>
        <StatusPanel known={known} />
        <ProblemState problem={error} retry={refetch} />
      </PageSection>
    );
  return (
    <PageSection>
      <div className="stack">
        {overview ? (
          <>
            <StatusPanel known={known}>
              {isKnown && <NextToTurn overview={overview} />}
              <TrustLine overview={overview} />
            </StatusPanel>
            <ReasonList reasons={doubts} />
            <ReasonList reasons={overview.trust.warnings ?? []} isWarning />
            {overview.counts.watched === 0 && <Begin />}
            {overview.counts.watched === 1 && overview.worst[0] && (
              <OneEngine fqdn={overview.worst[0].fqdn} />
            )}
            {overview.counts.watched > 1 && <Fleet overview={overview} isKnown={isKnown} />}
          </>
        ) : (
          <StatusPanelToCome />
        )}
      </div>
    </PageSection>
  );
}
