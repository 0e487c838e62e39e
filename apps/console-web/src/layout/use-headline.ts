import { useEffect, useLayoutEffect } from 'react';
import { learnNow } from '../time/now.js';
import { headlineOf } from './headline.js';
import { setTitleMark } from './title.js';
import { useKnown } from './use-known.js';

/** Keeps the overview at hand on every page, for title and icon of the tab, and for the clock. */
export function useHeadline(): void {
  const { overview, doubts } = useKnown();
  // Before it is painted: ages by a wrong clock would be shown for a moment.
  useLayoutEffect(() => {
    if (overview) learnNow(overview.now);
  }, [overview]);
  const { kind, atRisk } = headlineOf(overview, doubts.length > 0);
  useEffect(() => setTitleMark({ kind, atRisk }), [kind, atRisk]);
}
