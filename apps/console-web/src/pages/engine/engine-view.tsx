import { Grid, GridItem, PageSection, Spinner, Stack, StackItem } from '@patternfly/react-core';
import { useState } from 'react';
import { Problem } from '../../api/problem.js';
import { useAnswer } from '../../api/use-answer.js';
import { KNOWN_FOR_MS } from '../../layout/doubts.js';
import { useKnown } from '../../layout/use-known.js';
import { Command } from '../../parts/command.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { AgesFrom } from '../../parts/instant.js';
import { ProblemState } from '../../parts/problem-state.js';
import { useNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import { AlertsCard } from './alerts-card.js';
import { ComingCard } from './coming-card.js';
import { EngineActions } from './engine-actions.js';
import './engine.css';
import { EvidenceCard } from './evidence-card.js';
import { factsOf, type EngineFacts } from './facts.js';
import { LanesCard } from './lanes-card.js';
import { instantText } from './past.js';
import { ReportDialog } from './report-dialog.js';
import { PastBanner } from './time-machine.js';
import { TrendCard } from './trend-card.js';
import { UnknownPast } from './unknown-past.js';
import { useEngineAddress } from './use-engine-address.js';
import { useEngineReports, type ListedReport } from './use-engine-reports.js';
import { VerdictCard } from './verdict-card.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** No event tells that an engine has turned too old before a check has found it. */
const ASK_EVERY_MS = 15_000;

/** All about one engine, now or at the instant `?at=` of the address. */
export function EngineView({ fqdn }: { readonly fqdn: string }) {
  const { at, goTo } = useEngineAddress();
  const { data, error, refetch } = useAnswer(
    '/engines/{fqdn}/explanation',
    { path: { fqdn }, query: at === null ? {} : { at } },
    { keepsFormer: true, ...(at === null && { refetchInterval: ASK_EVERY_MS }) },
  );
  const facts = data && data.fqdn === fqdn ? factsOf(data) : undefined;
  return (
    <PageSection isFilled>
      {at !== null && <PastBanner at={at} go={goTo} back={() => goTo(null)} />}
      {error && !facts && <ProblemState problem={error} retry={refetch} />}
      {isUnknownEngine(error) && !facts && <AddEngine fqdn={fqdn} />}
      {!error && !facts && <Spinner aria-label={words.common.loading} />}
      {facts && !facts.isKnown && <UnknownPast since={facts.canTellSince} go={goTo} />}
      {facts?.isKnown && (
        <AgesFrom value={facts.isPast ? Date.parse(facts.at) : undefined}>
          <Known facts={facts} isAnswered={error === null} />
        </AgesFrom>
      )}
    </PageSection>
  );
}

function isUnknownEngine(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}

function AddEngine({ fqdn }: { readonly fqdn: string }) {
  const { addText, resumeCommand } = words.engine.remedy;
  return (
    <div className="engine-unknown">
      <p>{addText}</p>
      <Command label={addText}>{resumeCommand(visibleText(fqdn))}</Command>
    </div>
  );
}

function Known({
  facts,
  isAnswered,
}: {
  readonly facts: EngineFacts;
  readonly isAnswered: boolean;
}) {
  const { fqdn } = facts;
  const now = useNow();
  const { at, goTo, days, setDays, isTable, setTable } = useEngineAddress();
  const { doubts } = useKnown();
  const isOld = now - Date.parse(facts.at) > KNOWN_FOR_MS;
  const isDoubted = at === null && (doubts.length > 0 || !isAnswered || isOld);
  const [opened, open] = useState<readonly ListedReport[]>([]);
  // By the minute, so that what is asked for stays the same for a while.
  const until = at === null ? Math.ceil(now / MINUTE_MS) * MINUTE_MS : Date.parse(facts.at);
  const span = { from: until - days * DAY_MS, until };
  const from = instantText(span.from - (span.from % DAY_MS));
  const to = at === null ? undefined : instantText(until);
  const listed = useEngineReports(fqdn, from, to);
  const coverage = useAnswer(
    '/engines/{fqdn}/coverage',
    { path: { fqdn }, query: { from, ...(to !== undefined && { to }) } },
    { keepsFormer: true, ...(at === null && { refetchInterval: MINUTE_MS }) },
  );
  const reports = listed.data?.reports.filter(
    ({ done_at: done, received_at: received }) =>
      Date.parse(done) >= span.from && Date.parse(received) <= until,
  );
  return (
    <Grid hasGutter>
      <GridItem>
        <EngineActions facts={facts} go={goTo} />
      </GridItem>
      <GridItem {...(!facts.isPast && { xl: 7 })}>
        <VerdictCard facts={facts} isDoubted={isDoubted} />
      </GridItem>
      {!facts.isPast && (
        <GridItem xl={5}>
          <ComingCard facts={facts} isDoubted={isDoubted} />
        </GridItem>
      )}
      <GridItem>
        <LanesCard
          isPast={facts.isPast}
          {...{ reports, listed, coverage, span, days, setDays, isTable, setTable, open }}
        />
      </GridItem>
      <GridItem xl={7}>
        <Stack hasGutter>
          <StackItem>
            <AlertsCard facts={facts} />
          </StackItem>
          <StackItem isFilled>
            <EvidenceCard facts={facts} reports={reports ?? []} open={(report) => open([report])} />
          </StackItem>
        </Stack>
      </GridItem>
      <GridItem xl={5}>
        <TrendCard reports={reports ?? []} span={span} isPast={facts.isPast} />
      </GridItem>
      {opened.length > 0 && <ReportDialog reports={opened} onClose={() => open([])} />}
    </Grid>
  );
}
