import { useEffect, useState } from 'react';

/** Gives the focus back to what had it before a dialog opened; a dialog that is taken away while it is open loses it. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialog's own end.
      setTimeout(() => {
        const isThere = opener?.isConnected === true && opener !== document.body;
        // What has been changed may have taken its button away.
        const target = isThere ? opener : document.querySelector('main');
        if (target instanceof HTMLElement || target instanceof SVGElement) target.focus();
      });
    },
    [opener],
  );
}
