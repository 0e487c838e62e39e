import { Button, ExpandableSection, Flex } from '@patternfly/react-core';
import { useState } from 'react';
import { Problem } from '../../api/problem.js';
import { useAnswer } from '../../api/use-answer.js';
import { useIsOperator } from '../../api/use-session.js';
import { ForeignFacts } from '../../parts/facts.js';
import { Loaded } from '../../parts/loaded.js';
import { formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { Letter } from './letters.js';
import { Headers, Payload } from './payload.js';
import { DiscardDialog, ReplayDialog } from './settle-dialogs.js';

const { deadLetters } = words;

/** A letter with its payload, its headers and where it came from, and what may be done with it. */
export function OpenedLetter({
  id,
  onSettled,
}: {
  readonly id: string;
  readonly onSettled: (outcome: 'replayed' | 'discarded') => void;
}) {
  const answer = useAnswer('/dead-letters/{id}', { path: { id } });
  const letter = answer.data;
  const [asked, setAsked] = useState<'replay' | 'discard'>();
  const isOperator = useIsOperator();
  const close = () => setAsked(undefined);
  if (answer.error instanceof Problem && answer.error.status === 404)
    return <p>{deadLetters.gone}</p>;
  return (
    <Loaded isLoaded={letter !== undefined} problem={answer.error} retry={answer.refetch}>
      {letter && <Content letter={letter} />}
      {isOperator && letter && (
        <Flex>
          <Button variant="primary" onClick={() => setAsked('replay')}>
            {deadLetters.replay}
          </Button>
          <Button variant="secondary" isDanger onClick={() => setAsked('discard')}>
            {deadLetters.discard}
          </Button>
        </Flex>
      )}
      {asked === 'replay' && (
        <ReplayDialog id={id} close={close} onSettled={() => onSettled('replayed')} />
      )}
      {asked === 'discard' && (
        <DiscardDialog id={id} close={close} onSettled={() => onSettled('discarded')} />
      )}
    </Loaded>
  );
}

function Content({ letter }: { readonly letter: Letter }) {
  return (
    <>
      <ForeignFacts
        facts={[
          [deadLetters.path, letter.path],
          [deadLetters.expected, letter.expected],
          [deadLetters.got, letter.got],
          [deadLetters.sender, letter.user_id],
          [deadLetters.exchange, letter.exchange],
          [deadLetters.key, letter.routing_key],
          [deadLetters.received, exact(letter.received_at)],
          [deadLetters.since, exact(letter.dead_at)],
          [deadLetters.type, letter.type],
          [deadLetters.messageId, letter.message_id],
          [deadLetters.id, letter.id],
        ]}
      />
      {letter.payload === null && <p>{deadLetters.base64}</p>}
      <Payload lines={letter.lines} />
      <ExpandableSection toggleText={deadLetters.headers}>
        <Headers headers={letter.headers} />
      </ExpandableSection>
    </>
  );
}

/** As a service or the broker has written it; what is no instant stays as it is. */
function exact(at: string | null): string | null {
  return at === null || Number.isNaN(Date.parse(at)) ? at : formatExact(at);
}
