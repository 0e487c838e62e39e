import type { CSSProperties } from 'react';
import { formatCount } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { Cell, Standing } from './wall.js';
import './wall.css';

const { wall: wallWords } = words.overview;
const ORDER: readonly Standing[] = ['no_full_backup', 'too_old', 'unknown', 'stuck', 'fresh'];

/** What letters and colours mean, with how many engines stand so. */
export function WallLegend({
  cells,
  isKnown,
}: {
  readonly cells: readonly Cell[];
  readonly isKnown: boolean;
}) {
  const counts = new Map<Standing, number>();
  for (const [, standing] of cells) {
    const shown = isKnown ? standing : 'unknown';
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return (
    <ul className="wall-legend" aria-label={wallWords.legend}>
      {ORDER.filter((standing) => counts.has(standing)).map((standing) => (
        <li key={standing}>
          <span
            className={`wall-cell wall-cell-${standing}`}
            style={
              {
                '--filling': standing === 'fresh' || standing === 'stuck' ? 0.5 : 1,
              } as CSSProperties
            }
            aria-hidden
          >
            {wallWords.letters[standing]}
          </span>
          {formatCount(counts.get(standing)!)} {wallWords.standings[standing]}
        </li>
      ))}
      {isKnown && <li>{wallWords.filling}</li>}
    </ul>
  );
}
