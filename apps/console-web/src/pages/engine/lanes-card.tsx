import {
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Flex,
  Skeleton,
  Switch,
  ToggleGroup,
  ToggleGroupItem,
} from '@patternfly/react-core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Command } from '../../parts/command.js';
import { ProblemState } from '../../parts/problem-state.js';
import { formatExact, formatShare } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { components } from '../../api/schema.js';
import { coverShare } from './lanes/cover-share.js';
import { LanesDrawing } from './lanes/lanes-drawing.js';
import { Legend } from './lanes/legend.js';
import type { Span } from './lanes/layout.js';
import { CoverTable } from './cover-table.js';
import { ReportsTable } from './reports-table.js';
import { SPANS_DAYS } from './spans.js';
import type { EngineReports, ListedReport } from './use-engine-reports.js';

const { lanes: said } = words.engine;

/** What was backed up when, and which time that covers: drawn, or as a table. */
export function LanesCard({
  reports,
  listed,
  coverage,
  span,
  days,
  setDays,
  isTable,
  setTable,
  isPast,
  open,
}: {
  /** Undefined until they are known. */
  readonly reports: readonly ListedReport[] | undefined;
  readonly listed: UseQueryResult<EngineReports>;
  readonly coverage: UseQueryResult<components['schemas']['Coverage']>;
  readonly span: Span;
  readonly days: number;
  readonly setDays: (days: number) => void;
  readonly isTable: boolean;
  readonly setTable: (isTable: boolean) => void;
  readonly isPast: boolean;
  readonly open: (reports: readonly ListedReport[]) => void;
}) {
  return (
    <Card>
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions: (
            <Flex
              columnGap={{ default: 'columnGapMd' }}
              alignItems={{ default: 'alignItemsCenter' }}
            >
              <ToggleGroup aria-label={said.span} isCompact>
                {SPANS_DAYS.map((each) => (
                  <ToggleGroupItem
                    key={each}
                    text={said.days(each)}
                    isSelected={each === days}
                    onChange={() => setDays(each)}
                  />
                ))}
              </ToggleGroup>
              <Switch
                id="lanes-as-table"
                label={said.asTable}
                isChecked={isTable}
                onChange={(_event, isChecked) => setTable(isChecked)}
              />
            </Flex>
          ),
        }}
      >
        <CardTitle component="h2">{said.title}</CardTitle>
      </CardHeader>
      <CardBody>
        <Cover coverage={coverage} from={span.from} />
        {listed.error && !reports ? (
          <ProblemState problem={listed.error} retry={listed.refetch} />
        ) : !reports ? (
          <Skeleton height="150px" screenreaderText={words.common.loading} />
        ) : isTable ? (
          <>
            <ReportsTable reports={reports} open={(report) => open([report])} />
            {coverage.data && <CoverTable spans={coverage.data.spans} />}
          </>
        ) : (
          <>
            <LanesDrawing
              reports={reports}
              spans={coverage.data?.spans}
              span={span}
              days={days}
              open={(mark) => open(mark.reports)}
            />
            <Legend />
            <p className="engine-help">{said.help}</p>
          </>
        )}
        {listed.data?.isCut && <p>{said.cut}</p>}
        {reports?.length === 0 && <NoReports isPast={isPast} />}
      </CardBody>
    </Card>
  );
}

function Cover({
  coverage: { data, error },
  from,
}: {
  readonly from: number;
  readonly coverage: UseQueryResult<components['schemas']['Coverage']>;
}) {
  if (error) return <p>{said.coverFailed}</p>;
  if (!data) return <Skeleton width="20rem" screenreaderText={words.common.loading} />;
  const share = coverShare(data.spans);
  return (
    <p>
      {share === undefined ? said.coverageUnknown : said.coverage(formatShare(share))}{' '}
      {data.can_tell_since !== null &&
        Date.parse(data.can_tell_since) > from &&
        said.canTellSince(formatExact(data.can_tell_since))}
    </p>
  );
}

function NoReports({ isPast }: { readonly isPast: boolean }) {
  if (isPast) return <p>{said.none}</p>;
  return (
    <>
      <p>
        {said.none} {said.noneText}
      </p>
      <Command label={said.noneText}>{words.engine.remedy.set_up_host_test_command}</Command>
    </>
  );
}
