import type { Mark } from './layout.js';

const RADIUS = 5;
const CROSS = 4;

/** ● completed, ✕ failed, ○ no end reported; a bar as long as the run leads to it. Told apart by shape as well as by colour. */
export function MarkShape({ mark, y }: { readonly mark: Mark; readonly y: number }) {
  const { x, width, outcome, reports } = mark;
  return (
    <>
      {/* A target that a finger hits. */}
      <rect x={x - 8} y={y - 14} width={16} height={28} className="engine-lanes__target" />
      {width > 1 && (
        <rect
          x={x - width}
          y={y - 2}
          width={width}
          height={4}
          className={`engine-lanes__bar engine-lanes__bar--${outcome}`}
        />
      )}
      {outcome === 'failed' ? (
        <path
          d={`M${x - CROSS} ${y - CROSS}l${2 * CROSS} ${2 * CROSS}m0 ${-2 * CROSS}l${-2 * CROSS} ${2 * CROSS}`}
          className="engine-lanes__failed"
        />
      ) : (
        <circle cx={x} cy={y} r={RADIUS - 0.5} className={`engine-lanes__${outcome}`} />
      )}
      {reports.length > 1 && (
        <text x={x} y={y - 8} textAnchor="middle" className="engine-lanes__count">
          {reports.length}
        </text>
      )}
    </>
  );
}
