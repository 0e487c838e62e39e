import { Tip } from '../tip.js';
import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { useNavigate } from 'react-router';
import { useTheme } from '../../theme/use-theme.js';
import { words } from '../../words/words.js';
import { enginePath } from '../engine-link.js';
import { useWidth } from '../use-width.js';
import { cellWords } from './cell-words.js';
import { draw, pictureOf } from './picture.js';
import type { Wall } from './use-wall.js';
import { cellAt, type Cell } from './wall.js';
import './wall.css';

const HEIGHT = 330;

/** All of very many engines in one picture; the table of engines has the same for who cannot see it or has no pointer. */
export function WallCanvas({
  wall: { hold, release },
  cells,
  isKnown,
  height = HEIGHT,
}: {
  readonly wall: Wall;
  readonly cells: readonly Cell[];
  readonly isKnown: boolean;
  /** In pixels; a picture of very many may be higher. */
  readonly height?: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const mark = useRef<HTMLDivElement>(null);
  const [width, widthOf] = useWidth();
  const [pointed, setPointed] = useState<number>();
  const theme = useTheme();
  const navigate = useNavigate();
  const { size, columns, rows } = pictureOf(cells.length, width, height);
  const drawnHeight = rows * size;

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || width === 0) return;
    const ratio = window.devicePixelRatio;
    context.canvas.width = width * ratio;
    context.canvas.height = drawnHeight * ratio;
    context.scale(ratio, ratio);
    const style = getComputedStyle(context.canvas.parentElement!);
    const colours = (name: string) => style.getPropertyValue(name);
    draw(context, cells, { size, columns, rows }, colours, isKnown);
  }, [cells, isKnown, width, drawnHeight, size, columns, rows, theme]);

  const pointAt = ({ nativeEvent: { offsetX: x, offsetY: y } }: PointerEvent) => {
    hold();
    setPointed(cellAt({ x, y }, { size, columns, count: cells.length }));
  };
  const leave = () => {
    setPointed(undefined);
    release();
  };
  const cell = pointed === undefined ? undefined : cells[pointed];
  return (
    <div className="wall-canvas" ref={widthOf}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={words.overview.wall.canvas(cells.length)}
        style={{ height: drawnHeight || height }}
        onPointerMove={pointAt}
        onPointerLeave={leave}
        onClick={() => cell && void navigate(enginePath(cell[0]))}
      />
      {cell && pointed !== undefined && (
        <>
          <div
            ref={mark}
            className="wall-canvas-pointed"
            style={{
              left: (pointed % columns) * size,
              top: Math.floor(pointed / columns) * size,
              width: size - 1,
              height: size - 1,
            }}
          />
          <Tip
            key={pointed}
            triggerRef={mark}
            trigger="manual"
            aria="none"
            isVisible
            animationDuration={0}
            content={cellWords(cell, isKnown)}
          />
        </>
      )}
    </div>
  );
}
