import { Tip } from '../tip.js';
import { memo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { Link } from 'react-router';
import { words } from '../../words/words.js';
import { enginePath } from '../engine-link.js';
import { cellWords } from './cell-words.js';
import type { Wall } from './use-wall.js';
import { filling, moved, type Cell } from './wall.js';
import './wall.css';

const { wall: wallWords } = words.overview;

/** A cell for each of up to some hundred engines: its colour, letter and filling tell how it stands. */
export function WallGrid({
  wall: { hold, release },
  cells,
  isKnown,
}: {
  readonly wall: Wall;
  readonly cells: readonly Cell[];
  /** False: how engines stand is not to be believed, and is not shown. */
  readonly isKnown: boolean;
}) {
  const [active, setActive] = useState<string>();
  const [pointed, setPointed] = useState<HTMLElement>();
  const grid = useRef<HTMLUListElement>(null);
  const activeAt = Math.max(
    0,
    cells.findIndex(([fqdn]) => fqdn === active),
  );
  const links = () => [...grid.current!.querySelectorAll<HTMLElement>('a')];
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setPointed(undefined);
    const columns = getComputedStyle(grid.current!).gridTemplateColumns.split(' ').length;
    const to = moved(event.key, activeAt, { count: cells.length, columns });
    if (to === undefined) return;
    event.preventDefault();
    links()[to]?.focus();
  };
  const point = (target: EventTarget): void => {
    hold();
    setPointed((target as HTMLElement).closest('a') ?? undefined);
  };
  const leave = () => {
    setPointed(undefined);
    release();
  };
  return (
    <>
      <ul
        ref={grid}
        className="wall"
        aria-label={wallWords.label(cells.length)}
        onKeyDown={move}
        onPointerOver={({ target }) => point(target)}
        onPointerLeave={leave}
        onFocus={({ target }) => {
          point(target);
          setActive(target.dataset['fqdn']);
        }}
        onBlur={leave}
      >
        {cells.map((cell, index) => (
          <CellLink key={cell[0]} cell={cell} isKnown={isKnown} isActive={index === activeAt} />
        ))}
      </ul>
      {pointed && (
        <Tip
          key={pointed.dataset['fqdn']}
          triggerRef={() => pointed}
          trigger="manual"
          aria="none"
          isVisible
          content={pointed.getAttribute('aria-label')}
        />
      )}
    </>
  );
}

const CellLink = memo(function CellLink({
  cell,
  isKnown,
  isActive,
}: {
  readonly cell: Cell;
  readonly isKnown: boolean;
  readonly isActive: boolean;
}) {
  const [fqdn, standing] = cell;
  const shown = isKnown ? standing : 'unknown';
  return (
    <li>
      <Link
        to={enginePath(fqdn)}
        className={`wall-cell wall-cell-${shown}`}
        style={{ '--filling': isKnown ? filling(cell) : 1 } as CSSProperties}
        tabIndex={isActive ? 0 : -1}
        aria-label={cellWords(cell, isKnown)}
        data-fqdn={fqdn}
      >
        {wallWords.letters[shown]}
      </Link>
    </li>
  );
});
