import { ClipboardCopy } from '@patternfly/react-core';
import { words } from '../words/words.js';

/** A command to run, with a button that copies it. */
export function Command({
  children,
  label,
}: {
  readonly children: string;
  readonly label: string;
}) {
  return (
    <ClipboardCopy
      isReadOnly
      isCode
      hoverTip={words.common.copy}
      clickTip={words.common.copied}
      textAriaLabel={label}
      toggleAriaLabel={label}
    >
      {children}
    </ClipboardCopy>
  );
}
