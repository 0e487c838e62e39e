import { useSyncExternalStore } from 'react';
import { DARK_CLASS } from './theme.js';

/** The theme that is shown, for what draws with colours of its own. */
export function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, () =>
    document.documentElement.classList.contains(DARK_CLASS) ? 'dark' : 'light',
  );
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['class'] });
  return () => observer.disconnect();
}
