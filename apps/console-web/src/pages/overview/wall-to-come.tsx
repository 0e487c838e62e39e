import { Skeleton } from '@patternfly/react-core';
import type { Answer } from '../../api/use-answer.js';
import { WallLegend } from '../../parts/wall/wall-legend.js';
import type { Cell, Standing } from '../../parts/wall/wall.js';
import { words } from '../../words/words.js';

type Counts = Answer<'/overview'>['counts'];

/** As high as the wall that follows it, so that nothing below moves: of so many cells, with a legend of the same words. */
export function WallToCome({
  counts,
  isKnown,
}: {
  readonly counts: Counts;
  readonly isKnown: boolean;
}) {
  const cells = cellsOf(counts);
  return (
    <div className="wall-to-come">
      <Skeleton height="100%" screenreaderText={words.common.loading} />
      <div className="stack" aria-hidden>
        <WallLegend cells={cells} isKnown={isKnown} />
        <ul className="wall">
          {cells.map(([name]) => (
            <li key={name} className="wall-cell" />
          ))}
        </ul>
      </div>
    </div>
  );
}

function cellsOf({ no_full_backup, too_old, unknown, stuck, fresh }: Counts): Cell[] {
  const ofStanding = (standing: Standing, count: number) =>
    Array.from({ length: count }, (_, at): Cell => [`${standing} ${at}`, standing, null]);
  const freshStuck = Math.min(stuck, fresh);
  return [
    ...ofStanding('no_full_backup', no_full_backup),
    ...ofStanding('too_old', too_old),
    ...ofStanding('unknown', unknown),
    ...ofStanding('stuck', freshStuck),
    ...ofStanding('fresh', fresh - freshStuck),
  ];
}
