import type { Answer } from '../../api/use-answer.js';

/** One engine of the wall: its name, how it stands, its age as a share of what is allowed. */
export type Cell = Answer<'/wall'>['engines'][number];
export type Standing = Cell[1];

/** How far a cell is filled, from 0 to 1; full where there is no age to tell, so that it is not taken for good. */
export function filling([, standing, share]: Cell): number {
  if (share === null || standing === 'too_old' || standing === 'no_full_backup') return 1;
  return Math.min(1, Math.max(0, share));
}

/** Where a key of the arrows leads from a place among so many, in rows of so many; undefined: it is not one of them. */
export function moved(
  key: string,
  place: number,
  { count, columns }: { readonly count: number; readonly columns: number },
): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place - columns,
    ArrowDown: place + columns,
    Home: 0,
    End: count - 1,
  };
  if (!Object.hasOwn(steps, key)) return undefined;
  const to = steps[key]!;
  return to < 0 || to >= count ? place : to;
}

/** The engine at a point of the picture; undefined where there is none. Lengths in pixels. */
export function cellAt(
  { x, y }: { readonly x: number; readonly y: number },
  {
    size,
    columns,
    count,
  }: { readonly size: number; readonly columns: number; readonly count: number },
): number | undefined {
  const column = Math.floor(x / size);
  const row = Math.floor(y / size);
  if (column < 0 || column >= columns || row < 0) return undefined;
  const place = row * columns + column;
  return place < count ? place : undefined;
}
