import {
  Button,
  CodeBlock,
  CodeBlockCode,
  EmptyState,
  EmptyStateBody,
  EmptyStateFooter,
} from '@patternfly/react-core';
import { Link, useRouteError } from 'react-router';
import { useTitle } from '../../layout/title.js';
import { words } from '../../words/words.js';

const { shell } = words;

export function NotFoundPage() {
  useTitle(shell.notFound);
  return (
    <EmptyState headingLevel="h1" titleText={shell.notFound}>
      <EmptyStateBody>{shell.notFoundText}</EmptyStateBody>
      <EmptyStateFooter>
        <Button component={(props) => <Link {...props} to="/" />}>{shell.toOverview}</Button>
      </EmptyStateFooter>
    </EmptyState>
  );
}

/** A fault of ours in one page; the others go on. */
export function ErrorPage() {
  const error = useRouteError();
  useTitle(shell.broken);
  return (
    <EmptyState status="danger" headingLevel="h1" titleText={shell.broken}>
      <EmptyStateBody>{shell.brokenText}</EmptyStateBody>
      <CodeBlock>
        <CodeBlockCode>{String((error as Error | undefined)?.stack ?? error)}</CodeBlockCode>
      </CodeBlock>
      <EmptyStateFooter>
        <Button onClick={() => window.location.reload()}>{words.common.tryAgain}</Button>
      </EmptyStateFooter>
    </EmptyState>
  );
}
