import { Alert, Bullseye, Spinner } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { ProblemState, problemText } from './problem-state.js';
import { words } from '../words/words.js';
import './list.css';

/** Shows what was loaded; before that, that it comes, or why it does not. */
export function Loaded({
  isLoaded,
  problem,
  retry,
  children,
}: {
  readonly isLoaded: boolean;
  readonly problem: Error | null;
  readonly retry: () => unknown;
  readonly children: ReactNode;
}) {
  if (isLoaded)
    return (
      <>
        {problem && (
          <Alert isInline variant="warning" title={words.common.notUpToDate} component="p">
            {problemText(problem)}
          </Alert>
        )}
        {children}
      </>
    );
  if (problem) return <ProblemState problem={problem} retry={retry} />;
  return (
    <Bullseye className="loading">
      <Spinner aria-label={words.common.loading} />
    </Bullseye>
  );
}
