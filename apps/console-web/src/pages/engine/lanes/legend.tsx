import { words } from '../../../words/words.js';
import { coverLook } from './band.js';
import { MarkShape } from './mark-shape.js';
import type { Outcome } from './layout.js';

const { lanes: said } = words.engine;
const OUTCOMES: readonly Outcome[] = ['completed', 'failed', 'started'];
const COVERS = ['covered', 'uncovered', 'unwatched'] as const;

/** What the shapes and the colours of the drawing mean. */
export function Legend() {
  return (
    <ul className="engine-legend">
      {COVERS.map((cover) => (
        <li key={cover}>
          <svg width="18" height="12" aria-hidden="true">
            <rect width="18" height="12" {...coverLook(cover)} />
          </svg>
          {said.covers[cover]}
        </li>
      ))}
      {OUTCOMES.map((outcome) => (
        <li key={outcome}>
          <svg width="14" height="14" aria-hidden="true">
            <MarkShape mark={{ id: outcome, x: 7, width: 0, outcome, reports: [] }} y={7} />
          </svg>
          {said.outcomes[outcome]}
        </li>
      ))}
    </ul>
  );
}
