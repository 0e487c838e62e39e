import { useState } from 'react';
import { inOrderOf } from './order.js';
import { useWallAnswer } from './use-wall-answer.js';
import type { Cell } from './wall.js';

export interface Wall {
  /** Undefined until they are known. */
  readonly cells: readonly Cell[] | undefined;
  /** Whether they may be believed. */
  readonly isKnown: boolean;
  /** Keeps every engine in its place, so that none moves while somebody points at it. */
  readonly hold: () => void;
  readonly release: () => void;
}

/** All monitored engines, the worst first. */
export function useWall(): Wall {
  const { engines: cells, isKnown } = useWallAnswer();
  const [held, setHeld] = useState<readonly Cell[]>();
  return {
    isKnown,
    cells: held && cells ? inOrderOf(held, cells) : cells,
    hold: () => setHeld((former) => former ?? cells),
    release: () => setHeld(undefined),
  };
}
