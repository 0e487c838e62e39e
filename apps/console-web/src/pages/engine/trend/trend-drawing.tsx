import { formatDuration, formatShort } from '../../../time/format.js';
import { useWidth } from '../../../parts/use-width.js';
import { words } from '../../../words/words.js';
import { placeOf, type Span } from '../lanes/layout.js';
import type { Trend } from './durations.js';

const { trend: said } = words.engine;
const HEIGHT = 72;
const SIDE_PX = 4;

/** Durations as dots over time, from 0 at the bottom; the middle half of them is a band, the median a line. */
export function TrendDrawing({ trend, span }: { readonly trend: Trend; readonly span: Span }) {
  const [full, ref] = useWidth();
  const width = Math.max(0, full - 2 * SIDE_PX);
  const top = Math.max(1, ...trend.durations.map(({ seconds }) => seconds)) * 1.1;
  const y = (seconds: number) => HEIGHT - (seconds / top) * HEIGHT;
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      {width > 0 && (
        <svg
          width={full}
          height={HEIGHT + 1}
          viewBox={`${-SIDE_PX} 0 ${full} ${HEIGHT + 1}`}
          role="img"
          aria-label={trendText(trend)}
        >
          <rect
            width={width}
            y={y(trend.high)}
            height={Math.max(1, y(trend.low) - y(trend.high))}
            className="engine-trend__band"
          />
          <line
            x2={width}
            y1={y(trend.median)}
            y2={y(trend.median)}
            className="engine-trend__median"
          />
          <line x2={width} y1={HEIGHT} y2={HEIGHT} className="engine-lanes__line" />
          {trend.durations.map(({ id, at, seconds }) => (
            <circle
              key={id}
              cx={placeOf(at, span, width)}
              cy={y(seconds)}
              r={2.5}
              className="engine-trend__dot"
            >
              <title>{`${formatShort(at)}: ${formatDuration(seconds * 1_000)}`}</title>
            </circle>
          ))}
        </svg>
      )}
    </div>
  );
}

/** The figures that the drawing shows, in a sentence. */
export function trendText({ scope, durations, median, low, high }: Trend): string {
  const [half, from, to] = [median, low, high].map((seconds) => formatDuration(seconds * 1_000));
  const last = formatDuration(durations.at(-1)!.seconds * 1_000);
  return `${said.text(scope, half!, from!, to!)}; ${said.last(last)}`;
}
