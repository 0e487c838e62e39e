import { Alert } from '@patternfly/react-core';
import { Link } from 'react-router';
import { ForeignText } from '../parts/foreign-text.js';
import { words } from '../words/words.js';
import { refusedWords } from './refused-words.js';

const { signIn, shell } = words;

/** Why nobody was signed in, and who was before and still is. */
export function Refused({
  kind,
  still,
}: {
  readonly kind: string;
  readonly still: string | undefined;
}) {
  const { what, todo } = refusedWords(kind);
  return (
    <Alert isInline variant="warning" title={what} component="h2">
      <p>{todo}</p>
      {still !== undefined && (
        <p>
          {signIn.still} <ForeignText>{still}</ForeignText>.{' '}
          <Link to="/" replace>
            {shell.toOverview}
          </Link>
        </p>
      )}
    </Alert>
  );
}
