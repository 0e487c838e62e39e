import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useAnswer } from '../../api/use-answer.js';
import { usePages } from '../../api/use-pages.js';
import { hasGap, newRows, together, type AuditRow, type Selection } from './selection.js';

const NONE: readonly AuditRow[] = [];
/** The newest rows are asked for with each event, so that this is also what one look may find. */
const NEWEST = '100';

/**
 * The rows of a selection, the newest first. Rows never change, so the pages are fetched once; new ones are looked for while `isLive`,
 * and wait until `show`.
 */
export function useAudit(selection: Selection, isLive: boolean) {
  const { items, refetch, ...pages } = usePages(
    '/audit',
    { query: selection },
    { isLasting: true },
  );
  const queryClient = useQueryClient();
  const newest = useAnswer(
    '/audit',
    { query: { ...selection, limit: NEWEST } },
    { enabled: isLive && items !== undefined },
  ).data?.items;
  const key = JSON.stringify(selection);
  const [added, setAdded] = useState({ key, rows: NONE });
  const fresh = added.key === key ? added.rows : NONE;
  const rows = useMemo(() => together(fresh, items ?? NONE), [fresh, items]);
  const waiting = useMemo(
    () => (isLive && items && newest ? newRows(newest, rows) : NONE),
    [isLive, items, newest, rows],
  );
  const isIncomplete = waiting.length > 0 && hasGap(newest ?? NONE, rows);
  const show = () => {
    if (!isIncomplete) return setAdded({ key, rows: together(waiting, fresh) });
    setAdded({ key, rows: NONE });
    void queryClient.resetQueries({ queryKey: ['lasting /audit'] });
  };
  return { ...pages, refetch, items, rows, waiting: waiting.length, isIncomplete, show };
}

/** Whether an element is in sight, such as the beginning of a list: its ref, and the answer. */
export function useIsSeen(): readonly [(element: HTMLElement | null) => void, boolean] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [isSeen, setSeen] = useState(true);
  useEffect(() => {
    if (!element) return;
    const observer = new IntersectionObserver(([entry]) => setSeen(entry!.isIntersecting));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, isSeen];
}
