import { Button } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import { words } from '../words/words.js';

/** Below a list: fetches its next page as one comes near its end, or by the button. */
export function MoreRows({
  hasNextPage,
  isFetchingNextPage,
  fetchNextPage,
  isByItself = false,
}: {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly isByItself?: boolean;
}) {
  const end = useRef<HTMLDivElement>(null);
  const mayFetch = isByItself && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (!mayFetch || !end.current) return;
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) fetchNextPage();
      },
      { rootMargin: '600px' },
    );
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [mayFetch, fetchNextPage]);
  return (
    <div ref={end} className="more-rows">
      {hasNextPage && (
        <Button variant="link" isLoading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {words.common.more}
        </Button>
      )}
    </div>
  );
}
