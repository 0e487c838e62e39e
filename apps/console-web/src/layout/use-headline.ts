import { useEffect } from 'react';
import { useAnswer } from '../api/use-answer.js';
import { useConnection } from '../live/connection.js';
import { learnNow } from '../time/now.js';
import { headlineOf } from './headline.js';
import { setTitleMark } from './title.js';

/** Also without an event: a check that is overdue sends none. */
const ASK_EVERY_MS = 15_000;

/** Keeps the overview at hand on every page, for title and icon of the tab, and for the clock. */
export function useHeadline(): void {
  const { data, isError } = useAnswer('/overview', {}, { refetchInterval: ASK_EVERY_MS });
  const connection = useConnection();
  useEffect(() => {
    if (data) learnNow(data.now);
  }, [data]);
  const { kind, atRisk } = headlineOf(isError || connection.type === 'lost' ? undefined : data);
  useEffect(() => setTitleMark({ kind, atRisk }), [kind, atRisk]);
}
