import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from '@patternfly/react-core';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { Problem } from '../api/problem.js';
import { words } from '../words/words.js';

/** Says what could not be loaded or done, and why. */
export function ProblemState({
  problem,
  retry,
}: {
  readonly problem: Error;
  readonly retry?: () => unknown;
}) {
  return (
    <EmptyState
      status="danger"
      headingLevel="h2"
      icon={ExclamationCircleIcon}
      titleText={words.common.failedToLoad}
    >
      <EmptyStateBody>{problemText(problem)}</EmptyStateBody>
      {retry && (
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button variant="primary" onClick={() => void retry()}>
              {words.common.tryAgain}
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}

/** For people: what happened, what was expected and what came. */
export function problemText(problem: Error): string {
  if (!(problem instanceof Problem)) return words.common.notReached;
  const { expected, got } = problem.document;
  if (expected === undefined || got === undefined || problem.message.includes(expected))
    return problem.message;
  return `${problem.message}. ${words.common.expectedAndGot(expected, got)}`;
}
