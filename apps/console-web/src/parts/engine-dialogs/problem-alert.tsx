import { Alert } from '@patternfly/react-core';
import { problemText } from '../problem-state.js';
import { words } from '../../words/words.js';

/** Why a change was not made. */
export function ProblemAlert({ problem }: { readonly problem: Error | null }) {
  if (!problem) return null;
  return (
    <Alert isInline variant="danger" title={words.engine.dialogs.failed} component="p">
      {problemText(problem)}
    </Alert>
  );
}
