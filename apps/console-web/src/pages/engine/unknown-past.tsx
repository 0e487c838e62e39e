import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from '@patternfly/react-core';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';

const { time: said } = words.engine;

/** Before anything is known of an engine. */
export function UnknownPast({
  since,
  go,
}: {
  readonly since: string | null;
  readonly go: (at: string) => void;
}) {
  return (
    <EmptyState headingLevel="h2" icon={QuestionCircleIcon} titleText={said.unknown}>
      {since !== null && (
        <>
          <EmptyStateBody>{said.unknownSince(formatExact(since))}</EmptyStateBody>
          <EmptyStateFooter>
            <EmptyStateActions>
              <Button variant="link" onClick={() => go(since)}>
                {said.goThere}
              </Button>
            </EmptyStateActions>
          </EmptyStateFooter>
        </>
      )}
    </EmptyState>
  );
}
