import { useTitle } from '../../layout/title.js';
import { useKnown } from '../../layout/use-known.js';
import { ReasonList } from '../../parts/reason-list.js';
import { useWall } from '../../parts/wall/use-wall.js';
import { WallCanvas } from '../../parts/wall/wall-canvas.js';
import { WallGrid } from '../../parts/wall/wall-grid.js';
import { formatExact } from '../../time/format.js';
import { useNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import { CELLS_WITH_LETTERS } from '../overview/fleet.js';
import { StatusPanel, StatusPanelToCome } from '../overview/status-panel.js';
import { NextToTurn, TrustLine } from '../overview/trust-line.js';
import { useWakeLock } from './use-wake-lock.js';
import './kiosk.css';

/** For a screen on a wall: nothing but how all engines stand, to be read from afar. It needs nobody. */
export function KioskPage() {
  useTitle(words.overview.kiosk.title);
  useWakeLock();
  const known = useKnown();
  const { overview, doubts, error } = known;
  const isKnown = overview !== undefined && doubts.length === 0;
  return (
    <main className="kiosk">
      {overview || error ? (
        <StatusPanel known={known}>
          {overview && isKnown && <NextToTurn overview={overview} />}
          {overview && <TrustLine overview={overview} />}
        </StatusPanel>
      ) : (
        <StatusPanelToCome />
      )}
      <ReasonList reasons={doubts} />
      {overview && overview.counts.watched > 0 && (
        <KioskWall isKnown={isKnown} count={overview.counts.watched} />
      )}
      <KioskClock />
    </main>
  );
}

function KioskWall({
  isKnown: isFleetKnown,
  count,
}: {
  readonly isKnown: boolean;
  readonly count: number;
}) {
  const wall = useWall();
  const isKnown = isFleetKnown && wall.isKnown;
  const { cells } = wall;
  const height = Math.round(window.innerHeight / 2);
  if (!cells) return <div style={{ minHeight: count > CELLS_WITH_LETTERS ? height : undefined }} />;
  return (
    <section className="kiosk-wall" aria-label={words.overview.kiosk.wall}>
      {cells.length > CELLS_WITH_LETTERS ? (
        <WallCanvas wall={wall} cells={cells} isKnown={isKnown} height={height} />
      ) : (
        <WallGrid wall={wall} cells={cells} isKnown={isKnown} />
      )}
    </section>
  );
}

/** Shows that the screen has not stopped. */
function KioskClock() {
  const now = useNow();
  return (
    <time className="kiosk-clock" dateTime={new Date(now).toISOString()}>
      {formatExact(now)}
    </time>
  );
}
