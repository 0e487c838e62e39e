import { Card, CardBody, Flex, FlexItem, Icon, Title } from '@patternfly/react-core';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ClockIcon from '@patternfly/react-icons/dist/esm/icons/clock-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import PauseCircleIcon from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { Link } from 'react-router';
import { useNow } from '../../time/now.js';
import { VerdictLabel } from '../../parts/verdict-label.js';
import { words } from '../../words/words.js';
import { AgeBar } from './age-bar.js';
import type { EngineFacts } from './facts.js';
import { RemedyPart } from './remedy-part.js';
import { verdictSentence } from './verdict-sentence.js';

const ICONS = {
  fresh: { status: 'success', icon: <CheckCircleIcon /> },
  too_old: { status: 'danger', icon: <ClockIcon /> },
  no_full_backup: { status: 'danger', icon: <ExclamationCircleIcon /> },
  unknown: { status: undefined, icon: <QuestionCircleIcon /> },
  retired: { status: undefined, icon: <PauseCircleIcon /> },
} as const;

/** What is said first: how the engine stands, and what to do. */
export function VerdictCard({
  facts: given,
  isDoubted,
}: {
  readonly facts: EngineFacts;
  readonly isDoubted: boolean;
}) {
  const now = useNow();
  const facts = given.isPast ? given : grown(given, now);
  const verdict = isDoubted ? 'unknown' : facts.verdict;
  const { status, icon } = ICONS[verdict];
  const sentence = verdictSentence(facts);
  return (
    <Card isFullHeight>
      <CardBody>
        <Flex flexWrap={{ default: 'nowrap' }} alignItems={{ default: 'alignItemsFlexStart' }}>
          <FlexItem>
            <Icon size="2xl" {...(status && { status })}>
              {icon}
            </Icon>
          </FlexItem>
          <FlexItem>
            <Title headingLevel="h2" size="xl">
              {isDoubted ? words.engine.notTrusted : sentence}
            </Title>
            {isDoubted && (
              <p>
                {words.engine.stale(sentence)} <Link to="/">{words.engine.why}</Link>
              </p>
            )}
            {/* Of the past it is told whether it was monitored, not whether it had been retired. */}
            {!(facts.isPast && verdict === 'retired') && (
              <div className="engine-verdict">
                <VerdictLabel verdict={verdict} />
              </div>
            )}
          </FlexItem>
        </Flex>
        <AgeBar facts={facts} isDoubted={isDoubted} />
        <RemedyPart facts={given} />
      </CardBody>
    </Card>
  );
}

/** The age grows between two answers. */
function grown(facts: EngineFacts, now: number): EngineFacts {
  if (facts.ageMs === null) return facts;
  return { ...facts, ageMs: facts.ageMs + Math.max(0, now - Date.parse(facts.at)) };
}
