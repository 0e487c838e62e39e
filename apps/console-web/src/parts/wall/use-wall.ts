import { useState } from 'react';
import { useAnswer } from '../../api/use-answer.js';
import { inOrderOf } from './order.js';
import type { Cell } from './wall.js';

export interface Wall {
  /** Undefined until they are known. */
  readonly cells: readonly Cell[] | undefined;
  /** Keeps every engine in its place, so that none moves while somebody points at it. */
  readonly hold: () => void;
  readonly release: () => void;
}

/** All monitored engines, the worst first. */
export function useWall(): Wall {
  const { data } = useAnswer('/wall');
  const [held, setHeld] = useState<readonly Cell[]>();
  const cells = data?.engines;
  return {
    cells: held && cells ? inOrderOf(held, cells) : cells,
    hold: () => setHeld((former) => former ?? cells),
    release: () => setHeld(undefined),
  };
}
