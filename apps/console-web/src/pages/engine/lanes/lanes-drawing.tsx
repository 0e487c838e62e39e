import { useRef, useState, type KeyboardEvent } from 'react';
import { formatExact, formatMonthDay, formatShort } from '../../../time/format.js';
import { useWidth } from '../../../parts/use-width.js';
import { words } from '../../../words/words.js';
import type { ListedReport } from '../use-engine-reports.js';
import { Band, type CoverSpan } from './band.js';
import {
  dayTicks,
  layLanes,
  markByKey,
  placeOf,
  type Lane,
  type Mark,
  type Span,
} from './layout.js';
import { MarkShape } from './mark-shape.js';

const { lanes: said } = words.engine;

const BAND_Y = 4;
const LANES_Y = 32;
const LANE_PX = 34;
const AXIS_PX = 22;
/** For the marks at both ends. */
const SIDE_PX = 8;
const TICK_PX = 72;

/** Cover above, backups by scope below, on one axis of time. Arrow keys move along a lane, Enter opens. */
export function LanesDrawing({
  reports,
  spans,
  span,
  days,
  open,
}: {
  readonly reports: readonly ListedReport[];
  readonly spans: readonly CoverSpan[] | undefined;
  readonly span: Span;
  readonly days: number;
  readonly open: (mark: Mark) => void;
}) {
  const [full, ref] = useWidth();
  const width = Math.max(0, full - 2 * SIDE_PX);
  const lanes = width === 0 ? [] : layLanes(reports, span, width);
  const height = LANES_Y + Math.max(2, lanes.length) * LANE_PX + AXIS_PX;
  return (
    <div ref={ref} className="engine-lanes" style={{ minHeight: height }}>
      {width > 0 && (
        <svg
          width={full}
          height={height}
          role="group"
          aria-label={said.drawing(days)}
          viewBox={`${-SIDE_PX} 0 ${full} ${height}`}
        >
          {dayTicks(span, Math.max(2, Math.floor(width / TICK_PX))).map((tick) => (
            <Tick key={tick} at={tick} x={placeOf(tick, span, width)} {...{ width, height }} />
          ))}
          <Band spans={spans} span={span} width={width} y={BAND_Y} />
          <Lanes lanes={lanes} width={width} open={open} />
        </svg>
      )}
    </div>
  );
}

function Tick({
  at,
  x,
  width,
  height,
}: {
  readonly at: number;
  readonly x: number;
  readonly width: number;
  readonly height: number;
}) {
  const anchor = x < 24 ? 'start' : x > width - 24 ? 'end' : 'middle';
  return (
    <g aria-hidden="true">
      <line x1={x} x2={x} y1={BAND_Y} y2={height - AXIS_PX} className="engine-lanes__tick" />
      <text x={x} y={height - 6} textAnchor={anchor} className="engine-lanes__text">
        {formatMonthDay(at)}
      </text>
    </g>
  );
}

/** One mark of all can be reached by Tab; the others by arrow keys. */
function Lanes({
  lanes,
  width,
  open,
}: {
  readonly lanes: readonly Lane[];
  readonly width: number;
  readonly open: (mark: Mark) => void;
}) {
  const all = lanes.flatMap(({ marks }) => marks);
  const [chosen, choose] = useState<string | undefined>();
  const group = useRef<SVGGElement>(null);
  const reachable = all.some(({ id }) => id === chosen) ? chosen : all.at(-1)?.id;
  const onKeyDown = (event: KeyboardEvent, mark: Mark) => {
    if (event.key === 'Enter' || event.key === ' ') open(mark);
    const next = markByKey(lanes, mark.id, event.key);
    if (next !== undefined) {
      choose(next);
      group.current?.querySelector<SVGGElement>(`[data-mark="${CSS.escape(next)}"]`)?.focus();
    } else if (event.key !== ' ') return;
    event.preventDefault();
  };
  return (
    <g ref={group}>
      {lanes.map(({ scope, marks }, row) => {
        const y = LANES_Y + row * LANE_PX + LANE_PX / 2 + 4;
        return (
          <g key={scope} role="group" aria-label={said.lane(scope, marks.length)}>
            <line x1={0} x2={width} y1={y} y2={y} className="engine-lanes__line" />
            <text x={0} y={y - 9} className="engine-lanes__scope" aria-hidden="true">
              {scope}
            </text>
            {marks.map((mark) => (
              <g
                key={mark.id}
                data-mark={mark.id}
                role="button"
                tabIndex={mark.id === reachable ? 0 : -1}
                aria-label={markText(scope, mark)}
                className="engine-lanes__mark"
                onClick={() => {
                  choose(mark.id);
                  open(mark);
                }}
                onFocus={() => choose(mark.id)}
                onKeyDown={(event) => onKeyDown(event, mark)}
              >
                <title>{markText(scope, mark)}</title>
                <MarkShape mark={mark} y={y} />
              </g>
            ))}
          </g>
        );
      })}
    </g>
  );
}

function markText(scope: string, { reports, outcome }: Mark): string {
  const [first, last] = [reports[0]!, reports.at(-1)!];
  const text = said.outcomes[outcome].toLowerCase();
  if (reports.length === 1) return said.mark(scope, text, formatExact(last.done_at));
  return said.several(
    reports.length,
    scope,
    formatShort(first.done_at),
    formatShort(last.done_at),
    text,
  );
}
