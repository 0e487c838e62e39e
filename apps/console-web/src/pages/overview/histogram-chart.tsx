import { Link } from 'react-router';
import { useWidth } from '../../parts/use-width.js';
import { formatShare } from '../../time/format.js';
import { words } from '../../words/words.js';
import { barPath, drawBars, type Bar, type DrawnBar } from './histogram.js';
import './charts.css';

const HEIGHT = 140;
const AXIS = 24;
const { ages } = words.overview;

/** Engines by age against what is allowed; each bar leads to its engines. */
export function HistogramChart({
  bars,
  isKnown,
}: {
  readonly bars: readonly Bar[];
  readonly isKnown: boolean;
}) {
  const [width, ref] = useWidth();
  const drawn = drawBars(bars, width, HEIGHT);
  const limit = drawn.find(({ isOver }) => isOver)?.x;
  return (
    <div ref={ref} className="chart" style={{ height: HEIGHT + AXIS }}>
      {width > 0 && (
        <svg width={width} height={HEIGHT + AXIS} className={isKnown ? '' : 'chart-unknown'}>
          {drawn.map((bar) => (
            <BarLink key={bar.from} bar={bar} />
          ))}
          <line className="chart-axis" x1={0} x2={width} y1={HEIGHT} y2={HEIGHT} />
          {limit !== undefined && (
            <line className="chart-limit" x1={limit - 1} x2={limit - 1} y1={0} y2={HEIGHT + 6} />
          )}
          <g className="chart-text" aria-hidden>
            <text x={0} y={HEIGHT + 18}>
              {formatShare(0)}
            </text>
            {limit !== undefined && (
              <text x={limit} y={HEIGHT + 18} textAnchor="middle">
                {formatShare(1)}, {ages.limit}
              </text>
            )}
            <text x={width} y={HEIGHT + 18} textAnchor="end">
              ≥ {formatShare(bars.at(-1)?.from ?? 0)}
            </text>
          </g>
        </svg>
      )}
    </div>
  );
}

/** All of the bar's column is to be clicked, also above a low bar; an empty one leads nowhere. */
function BarLink({ bar }: { readonly bar: DrawnBar }) {
  const { from, to, count, x, y, width, height, isOver } = bar;
  if (count === 0) return null;
  const label = ages.bar(count, formatShare(from), to === null ? null : formatShare(to));
  return (
    <Link to={barPath(bar)} aria-label={label} className="chart-bar">
      <title>{label}</title>
      <rect className="chart-bar-column" x={x} y={0} width={width} height={HEIGHT} />
      <rect
        className={isOver ? 'chart-bar-over' : 'chart-bar-within'}
        {...{ x, y, width, height }}
      />
    </Link>
  );
}
