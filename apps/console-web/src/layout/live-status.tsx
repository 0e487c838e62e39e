import { Label } from '@patternfly/react-core';
import { useConnection } from '../live/connection.js';
import { words } from '../words/words.js';

const SHOWN = {
  connected: { color: 'green', text: words.shell.live },
  connecting: { color: 'grey', text: words.shell.connecting },
  lost: { color: 'orange', text: words.shell.lostShort },
} as const;

/** Whether the page changes by itself. */
export function LiveStatus() {
  const { color, text } = SHOWN[useConnection().type];
  return (
    <span className="live-status">
      <Label color={color} variant="outline" isCompact>
        {text}
      </Label>
    </span>
  );
}
