import { useCallback, useState } from 'react';

/** The width of an element in whole pixels, for drawings that keep their shapes; 0 before it is known. */
export function useWidth(): readonly [width: number, ref: (element: Element | null) => void] {
  const [width, setWidth] = useState(0);
  const ref = useCallback((element: Element | null) => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry!.contentRect.width)),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [width, ref];
}
