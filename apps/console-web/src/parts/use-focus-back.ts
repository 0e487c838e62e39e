import { useEffect, useState } from 'react';

/** Gives the focus back to what had it before a dialog opened; a dialog that is taken away while it is open loses it. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialog's own end.
      setTimeout(() => {
        if (opener instanceof HTMLElement || opener instanceof SVGElement) opener.focus();
      });
    },
    [opener],
  );
}
