import { Card, CardBody, CardTitle, Grid, GridItem, Skeleton, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Answer } from '../../api/use-answer.js';
import { useWall } from '../../parts/wall/use-wall.js';
import { WallCanvas } from '../../parts/wall/wall-canvas.js';
import { WallGrid } from '../../parts/wall/wall-grid.js';
import { WallLegend } from '../../parts/wall/wall-legend.js';
import { words } from '../../words/words.js';
import { ForecastChart } from './forecast-chart.js';
import { HistogramChart } from './histogram-chart.js';
import { Next, Worst } from './ranking.js';
import { WallToCome } from './wall-to-come.js';

const said = words.overview;
/** Up to here each engine is an element of the page, which has a letter and can be reached by keys. */
export const CELLS_WITH_LETTERS = 300;
/** Up to here the lists have room beside the wall. */
const CELLS_BESIDE_LISTS = 120;

interface Facts {
  readonly overview: Answer<'/overview'>;
  /** False: how engines stand is not to be believed. */
  readonly isKnown: boolean;
}

/** Several engines, or very many. */
export function Fleet({ overview, isKnown }: Facts) {
  const isLarge = overview.counts.watched > CELLS_WITH_LETTERS;
  const isBeside = overview.counts.watched <= CELLS_BESIDE_LISTS;
  return (
    <Grid hasGutter>
      {isLarge && <Charts overview={overview} isKnown={isKnown} />}
      <GridItem span={12} xl={isBeside ? 4 : 12}>
        <WallCard isLarge={isLarge} isKnown={isKnown} counts={overview.counts} />
      </GridItem>
      <GridItem span={12} md={6} xl={isBeside ? 4 : 6}>
        <Worst items={overview.worst} isKnown={isKnown} />
      </GridItem>
      <GridItem span={12} md={6} xl={isBeside ? 4 : 6}>
        <Next items={overview.next} isKnown={isKnown} />
      </GridItem>
    </Grid>
  );
}

function Charts({ overview, isKnown }: Facts) {
  const { age_histogram: bars, counts } = overview;
  const withoutAge = counts.watched - bars.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <GridItem span={12} lg={6}>
        <Titled title={said.ages.title}>
          <HistogramChart bars={bars} isKnown={isKnown} />
          <p>
            {said.ages.text} {withoutAge > 0 && said.ages.withoutAge(withoutAge)}
          </p>
        </Titled>
      </GridItem>
      <GridItem span={12} lg={6}>
        <Titled title={said.forecast.title}>
          {isKnown ? (
            <>
              <ForecastChart overview={overview} />
              <p>{said.forecast.text}</p>
            </>
          ) : (
            said.forecast.unknown
          )}
        </Titled>
      </GridItem>
    </>
  );
}

function WallCard({
  isLarge,
  isKnown,
  counts,
}: {
  readonly isLarge: boolean;
  readonly isKnown: boolean;
  readonly counts: Answer<'/overview'>['counts'];
}) {
  const wall = useWall();
  const { cells } = wall;
  const areCellsKnown = isKnown && wall.isKnown;
  const Shown = isLarge ? WallCanvas : WallGrid;
  return (
    <Titled
      title={said.wall.title}
      action={
        <span className="card-actions">
          <Link to="/kiosk">{said.kiosk.open}</Link> <Link to="/engines">{said.wall.table}</Link>
        </span>
      }
    >
      {cells ? (
        <>
          <WallLegend cells={cells} isKnown={areCellsKnown} />
          <Shown wall={wall} cells={cells} isKnown={areCellsKnown} />
        </>
      ) : isLarge ? (
        <Skeleton height="330px" screenreaderText={words.common.loading} />
      ) : (
        <WallToCome counts={counts} isKnown={isKnown} />
      )}
    </Titled>
  );
}

function Titled({
  title,
  action,
  children,
}: {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Card isCompact isFullHeight>
      <CardTitle className="card-title">
        <Title headingLevel="h2" size="md">
          {title}
        </Title>
        {action}
      </CardTitle>
      <CardBody className="stack">{children}</CardBody>
    </Card>
  );
}
