import { Alert, PageSection } from '@patternfly/react-core';
import { useConnection } from '../live/connection.js';
import { formatExact } from '../time/format.js';
import { words } from '../words/words.js';

/** Says from when on the page may be wrong. */
export function LostConnection() {
  const connection = useConnection();
  if (connection.type !== 'lost') return null;
  return (
    <PageSection>
      <Alert isInline variant="warning" title={words.shell.lostTitle} component="p">
        {words.shell.lostText(formatExact(connection.since))}
      </Alert>
    </PageSection>
  );
}
