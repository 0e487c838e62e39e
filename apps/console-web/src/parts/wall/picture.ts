import { filling, type Cell, type Standing } from './wall.js';

/** How many pixels a cell of the picture has, with its gap, and how many stand in a row. */
export interface Picture {
  readonly size: number;
  readonly columns: number;
  readonly rows: number;
}

const SMALLEST = 5;
const LARGEST = 24;

/** Cells as large as fit into the room; of very many the picture becomes higher than that. Lengths in whole pixels. */
export function pictureOf(count: number, width: number, height: number): Picture {
  let size = Math.min(LARGEST, Math.floor(Math.sqrt((width * height) / Math.max(1, count))));
  while (size > SMALLEST && Math.ceil(count / Math.floor(width / size)) * size > height) size--;
  size = Math.max(SMALLEST, size);
  const columns = Math.max(1, Math.floor(width / size));
  return { size, columns, rows: Math.ceil(count / columns) };
}

/** Colours by their name in wall.css. */
export type Colours = (name: string) => string;

/** Draws all engines: the filling tells the age, and engines without a full backup have a hole, so that colour is not alone. */
export function draw(
  context: CanvasRenderingContext2D,
  cells: readonly Cell[],
  { size, columns }: Picture,
  colours: Colours,
  isKnown: boolean,
): void {
  const fill: Partial<Record<Standing, string>> = {
    no_full_backup: colours('--bad'),
    too_old: colours('--bad'),
    unknown: colours('--unknown'),
    stuck: colours('--stuck'),
    fresh: colours('--fresh'),
  };
  const below: Partial<Record<Standing, string>> = {
    stuck: colours('--stuck-below'),
    fresh: colours('--fresh-below'),
  };
  const hole = colours('--on-bad');
  const side = size - 1;
  cells.forEach((cell, place) => {
    const standing = isKnown ? cell[1] : 'unknown';
    const x = (place % columns) * size;
    const y = Math.floor(place / columns) * size;
    const filled = isKnown ? Math.round(filling(cell) * side) : side;
    context.fillStyle = below[standing] ?? fill[standing]!;
    context.fillRect(x, y, side, side);
    context.fillStyle = fill[standing]!;
    context.fillRect(x, y + side - filled, side, filled);
    if (standing !== 'no_full_backup') return;
    const inset = Math.max(1, Math.floor(side / 3));
    context.fillStyle = hole;
    context.fillRect(x + inset, y + inset, side - 2 * inset, side - 2 * inset);
  });
}
