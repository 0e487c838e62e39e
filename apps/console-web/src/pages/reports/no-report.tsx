import { Button, EmptyState, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import { Link } from 'react-router';
import { visibleText } from '../../parts/foreign-parts.js';
import { words } from '../../words/words.js';

const { reports: said } = words;

/** Why there is no report of a month. */
export function NoReport({
  kind,
  month,
  text,
}: {
  readonly kind: 'notBegun' | 'notKnown' | 'notAMonth';
  readonly month: string;
  readonly text?: string;
}) {
  const reason = {
    notBegun: said.notBegunText,
    notKnown: text ?? '',
    notAMonth: words.common.expectedAndGot('2026-11', `"${visibleText(month)}"`),
  }[kind];
  return (
    <EmptyState headingLevel={kind === 'notAMonth' ? 'h1' : 'h2'} titleText={said[kind]}>
      <EmptyStateBody>{reason}</EmptyStateBody>
      {/* What makes a month unknown may make this one unknown, too. */}
      {kind !== 'notKnown' && (
        <EmptyStateFooter>
          <Button variant="link" component={(props) => <Link {...props} to="/reports" />}>
            {said.thisMonth}
          </Button>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}
