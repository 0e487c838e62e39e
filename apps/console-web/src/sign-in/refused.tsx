import { Alert } from '@patternfly/react-core';
import { Link } from 'react-router';
import { useSession } from '../api/use-session.js';
import { ForeignText } from '../parts/foreign-text.js';
import { words } from '../words/words.js';
import { refusedWords } from './refused-words.js';

const { signIn, shell } = words;

/** Why nobody was signed in, and who was before and still is. */
export function Refused({ kind }: { readonly kind: string }) {
  const { data: session } = useSession();
  const { what, todo } = refusedWords(kind);
  return (
    <Alert isInline variant="warning" title={what} component="h2" className="sign-in-refused">
      <p>{todo}</p>
      {session && (
        <p>
          {signIn.still} <ForeignText>{session.who}</ForeignText>.{' '}
          <Link to="/" replace>
            {shell.toOverview}
          </Link>
        </p>
      )}
    </Alert>
  );
}
