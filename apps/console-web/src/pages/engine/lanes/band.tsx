import type { components } from '../../../api/schema.js';
import { formatExact } from '../../../time/format.js';
import { words } from '../../../words/words.js';
import { placeOf, type Span } from './layout.js';

export type CoverSpan = components['schemas']['Coverage']['spans'][number];

const { lanes: said } = words.engine;
const HEIGHT = 18;

/** When the last full backup was fresh enough, and when not; where nothing is drawn, it is not known. Gaps are hatched, too. */
export function Band({
  spans,
  span,
  width,
  y,
}: {
  readonly spans: readonly CoverSpan[] | undefined;
  readonly span: Span;
  readonly width: number;
  readonly y: number;
}) {
  return (
    <g role="img" aria-label={bandText(spans)}>
      <pattern id="engine-gap" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" className="engine-band__uncovered" />
        <path d="M-1 7l8 -8M-1 1l2 -2M5 7l2 -2" className="engine-band__hatch" />
      </pattern>
      <rect x={0} y={y} width={width} height={HEIGHT} className="engine-band__unknown" />
      {spans?.map(({ from, until, cover }) => {
        const x = placeOf(from, span, width);
        return (
          <rect
            key={from}
            x={x}
            y={y}
            width={Math.max(1, placeOf(until, span, width) - x)}
            height={HEIGHT}
            {...coverLook(cover)}
          >
            <title>{spanText({ from, until, cover })}</title>
          </rect>
        );
      })}
    </g>
  );
}

/** Gaps are hatched; a class would win over the pattern. */
export function coverLook(cover: CoverSpan['cover']) {
  return cover === 'uncovered'
    ? { fill: 'url(#engine-gap)' }
    : { className: `engine-band__${cover}` };
}

const spanText = ({ from, until, cover }: CoverSpan) =>
  `${said.covers[cover]}: ${formatExact(from)} – ${formatExact(until)}`;

/** Only the gaps are told: the rest is as it should be. */
function bandText(spans: readonly CoverSpan[] | undefined): string {
  const gaps = spans?.filter(({ cover }) => cover === 'uncovered') ?? [];
  return [said.cover, ...gaps.slice(-5).map(spanText)].join('; ');
}
