import { ClipboardCopy } from '@patternfly/react-core';
import { words } from '../words/words.js';

/** A command to run, shown whole, with a button that copies it. */
export function Command({
  children,
  label,
}: {
  readonly children: string;
  /** What it is for; the button says it to who cannot see. */
  readonly label: string;
}) {
  return (
    <ClipboardCopy
      variant="inline-compact"
      isBlock
      isCode
      hoverTip={words.common.copy}
      clickTip={words.common.copied}
      copyAriaLabel={`${words.common.copy}: ${label}`}
    >
      {children}
    </ClipboardCopy>
  );
}
