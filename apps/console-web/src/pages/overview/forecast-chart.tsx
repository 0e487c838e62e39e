import { Skeleton } from '@patternfly/react-core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { answerOptions, type Answer } from '../../api/use-answer.js';
import { useWidth } from '../../parts/use-width.js';
import { formatCount, formatShort } from '../../time/format.js';
import { words } from '../../words/words.js';
import { steepestOf, stepLine, stepsOf } from './forecast-steps.js';
import './charts.css';

const HEIGHT = 140;
const AXIS = 24;
const EVERY_MS = 60_000;
const { forecast: said } = words.overview;
const asked = answerOptions('/forecast', { query: { hours: '48', limit: '0' } });

/** Its steps are hours, so it is not asked for at every event. */
export const forecastOptions = queryOptions({
  ...asked,
  queryKey: ['every minute', ...asked.queryKey],
  staleTime: EVERY_MS,
});

/** How many engines are not fresh in the next two days, if nothing arrives. */
export function ForecastChart({ overview }: { readonly overview: Answer<'/overview'> }) {
  const { data, error } = useQuery({ ...forecastOptions, refetchInterval: EVERY_MS });
  if (error && !data) return <p>{said.unknown}</p>;
  if (!data)
    return (
      <>
        <Skeleton height={`${HEIGHT + AXIS}px`} screenreaderText={words.common.loading} />
        <p aria-hidden>&nbsp;</p>
      </>
    );
  const { too_old, no_full_backup } = overview.counts;
  return <Steps forecast={data} notFresh={too_old + no_full_backup} />;
}

function Steps({
  forecast,
  notFresh,
}: {
  readonly forecast: Answer<'/forecast'>;
  readonly notFresh: number;
}) {
  const [width, ref] = useWidth();
  const steps = stepsOf(forecast, notFresh);
  const most = steps.at(-1)!.count;
  const steepest = steepestOf(forecast);
  const line = stepLine(steps, width, HEIGHT - 2);
  const middle = (Date.parse(forecast.now) + Date.parse(forecast.until)) / 2;
  return (
    <>
      <div ref={ref} className="chart" style={{ height: HEIGHT + AXIS }}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT + AXIS}
            role="img"
            aria-label={said.label(notFresh, most, formatShort(forecast.until))}
          >
            <g transform="translate(0 1)">
              <path className="chart-steps-area" d={`${line}V${HEIGHT}H0Z`} />
              <path className="chart-steps-line" d={line} />
            </g>
            <line className="chart-axis" x1={0} x2={width} y1={HEIGHT} y2={HEIGHT} />
            <g className="chart-text">
              <text x={4} y={14}>
                {formatCount(most)}
              </text>
              <text x={0} y={HEIGHT + 18}>
                {said.now}
              </text>
              <text x={width / 2} y={HEIGHT + 18} textAnchor="middle">
                {formatShort(middle)}
              </text>
              <text x={width} y={HEIGHT + 18} textAnchor="end">
                {formatShort(forecast.until)}
              </text>
            </g>
          </svg>
        )}
      </div>
      <p>{steepest ? said.steepest(steepest.count, formatShort(steepest.hour)) : said.none}</p>
    </>
  );
}
