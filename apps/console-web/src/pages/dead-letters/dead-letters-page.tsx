import {
  Alert,
  EmptyState,
  EmptyStateBody,
  PageSection,
  Stack,
  StackItem,
} from '@patternfly/react-core';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { useMemo, useState } from 'react';
import { useAnswer } from '../../api/use-answer.js';
import { ChangedRows } from '../../parts/changed-rows.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Loaded } from '../../parts/loaded.js';
import { MoreRows } from '../../parts/more-rows.js';
import { PageHeading } from '../../parts/page-heading.js';
import { useKeptOrder } from '../../parts/use-kept-order.js';
import { words } from '../../words/words.js';
import type { LettersPage } from './letters.js';
import { ReasonCard } from './reason-card.js';
import { groupByReason, type ReasonGroup } from './reasons.js';

const { deadLetters } = words;
/** A part of a message that does not belong there has a name of the sender's choice: there may be many. */
const AT_ONCE = 50;
const keyOf = ({ key }: ReasonGroup) => key;

export function DeadLettersPage() {
  const answer = useAnswer('/dead-letters', { query: { limit: '1' } });
  const page = answer.data;
  return (
    <>
      <PageHeading title={words.shell.pages.deadLetters}>{deadLetters.intro}</PageHeading>
      <PageSection>
        <Loaded isLoaded={page !== undefined} problem={answer.error} retry={answer.refetch}>
          {page && <Groups page={page} />}
        </Loaded>
      </PageSection>
    </>
  );
}

function Groups({ page }: { readonly page: LettersPage }) {
  const groups = useMemo(() => groupByReason(page.groups), [page.groups]);
  const { rows, changed, show } = useKeptOrder(groups, keyOf);
  const [shown, setShown] = useState(AT_ONCE);
  const isKnown = page.broker_unknown === null;
  return (
    <>
      <ChangedRows changed={changed} show={show} />
      <Stack hasGutter>
        {page.broker_unknown !== null && (
          <Alert isInline variant="warning" title={deadLetters.brokerUnknown} component="p">
            <ForeignText>{page.broker_unknown}</ForeignText>
          </Alert>
        )}
        {isKnown && !page.is_complete && (
          <Alert isInline variant="info" title={deadLetters.incomplete} component="p" />
        )}
        {rows.length === 0 && <NoLetters isKnown={isKnown} />}
        {rows.slice(0, shown).map(({ key, item, isGone }) => (
          <StackItem key={key} className={isGone ? 'is-gone' : undefined}>
            <ReasonCard group={item} />
          </StackItem>
        ))}
        <MoreRows
          hasNextPage={rows.length > shown}
          isFetchingNextPage={false}
          fetchNextPage={() => setShown(shown + AT_ONCE)}
        />
      </Stack>
    </>
  );
}

function NoLetters({ isKnown }: { readonly isKnown: boolean }) {
  return isKnown ? (
    <EmptyState
      status="success"
      headingLevel="h2"
      icon={CheckCircleIcon}
      titleText={deadLetters.none}
    >
      <EmptyStateBody>{deadLetters.noneText}</EmptyStateBody>
    </EmptyState>
  ) : (
    <EmptyState headingLevel="h2" icon={QuestionCircleIcon} titleText={deadLetters.noneKnown}>
      <EmptyStateBody>{deadLetters.noneKnownText}</EmptyStateBody>
    </EmptyState>
  );
}
