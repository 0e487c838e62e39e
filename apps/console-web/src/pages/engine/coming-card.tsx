import { Card, CardBody, CardTitle, ProgressStep, ProgressStepper } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { ReactNode } from 'react';
import { Instant } from '../../parts/instant.js';
import { formatExact, formatShort } from '../../time/format.js';
import { words } from '../../words/words.js';
import { comingSteps, type Step } from './coming-steps.js';
import type { EngineFacts } from './facts.js';

const { coming: said } = words.engine;
const list = (scopes: readonly string[]) => scopes.join(words.engine.and);

interface Shown {
  readonly title: string;
  readonly variant: 'success' | 'danger' | 'warning' | 'info' | 'pending';
  readonly text?: ReactNode;
}

/** What happens next if nothing more arrives, and what would prevent it. */
export function ComingCard({
  facts,
  isDoubted,
}: {
  readonly facts: EngineFacts;
  readonly isDoubted: boolean;
}) {
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{isDoubted ? said.titleDoubted : said.title}</CardTitle>
      <CardBody>
        <ProgressStepper isVertical aria-label={said.title}>
          {comingSteps(facts).map((step, index) => {
            const { title, variant, text } = shown(step);
            return (
              <ProgressStep
                key={step.kind}
                id={`coming-${step.kind}`}
                titleId={`coming-${step.kind}-title`}
                variant={isDoubted ? 'pending' : variant}
                isCurrent={index === 0}
                description={text}
              >
                {title}
              </ProgressStep>
            );
          })}
        </ProgressStepper>
      </CardBody>
    </Card>
  );
}

function shown(step: Step): Shown {
  switch (step.kind) {
    case 'fresh_now':
      return { title: said.fresh_now, variant: 'success' };
    case 'too_old':
      return { title: said.too_old, variant: 'danger' };
    case 'no_full_backup':
      return {
        title: said.no_full_backup(list(step.missing)),
        variant: 'danger',
        text: words.engine.fullBackup,
      };
    case 'turns':
      return {
        title: said.turns(formatExact(step.at)),
        variant: 'pending',
        text: (
          <>
            <Instant at={step.at} />. {said.turnsUnless(list(step.needed))}{' '}
            {step.needed.length === 1 &&
              step.since !== null &&
              said.turnsShort(step.needed[0]!, formatShort(step.since))}
          </>
        ),
      };
    case 'check_raises':
      return {
        title: step.at === null ? said.raisedSoon : said.check_raises(formatExact(step.at)),
        variant: 'pending',
        ...(step.at !== null && { text: <Instant at={step.at} /> }),
      };
    case 'raised':
      return {
        title: said.raised(formatExact(step.at)),
        variant: 'danger',
        ...(step.isDismissed && { text: said.dismissed }),
      };
    case 'told':
    case 'will_be_told':
      return {
        title: said[step.kind],
        variant: step.kind === 'told' ? 'info' : 'pending',
        text: <Link to="/system">{said.toldText}</Link>,
      };
    case 'made_fresh':
      return {
        title: said.made_fresh(list(step.needed)),
        variant: 'pending',
        text: said.clearedText,
      };
    case 'cleared_now':
      return { title: said.cleared_now, variant: 'pending' };
    case 'checks_off':
      return { title: said.checks_off, variant: 'warning' };
    case 'unknown':
      return { title: said.unknown, variant: 'warning' };
    case 'not_monitored':
      return { title: said.not_monitored, variant: 'info', text: said.notMonitoredText };
  }
}
