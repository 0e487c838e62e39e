import { Card, CardBody, CardTitle, ProgressStep, ProgressStepper } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { ReactNode } from 'react';
import { Instant } from '../../parts/instant.js';
import { formatExact, formatShort } from '../../time/format.js';
import { words } from '../../words/words.js';
import { comingSteps, type Step } from './coming-steps.js';
import { missingScopes, type EngineFacts } from './facts.js';
import { useComing } from './use-engine.js';

const { coming: said } = words.engine;

interface Shown {
  readonly title: string;
  readonly variant: 'success' | 'danger' | 'warning' | 'info' | 'pending';
  readonly text?: ReactNode;
}

/** What happens next if nothing more arrives, and what would prevent it. */
export function ComingCard({ facts }: { readonly facts: EngineFacts }) {
  const steps = comingSteps(facts, useComing(facts));
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{said.title}</CardTitle>
      <CardBody>
        <ProgressStepper isVertical aria-label={said.title}>
          {steps.map((step, index) => {
            const { title, variant, text } = shown(step, facts);
            return (
              <ProgressStep
                key={step.kind}
                id={`coming-${step.kind}`}
                titleId={`coming-${step.kind}-title`}
                variant={variant}
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

function shown(step: Step, facts: EngineFacts): Shown {
  switch (step.kind) {
    case 'fresh_now':
      return { title: said.fresh_now, variant: 'success' };
    case 'turns':
      return {
        title: said.turns(formatExact(step.at)),
        variant: 'pending',
        text: (
          <>
            <Instant at={step.at} />. {said.turnsUnless}{' '}
            {step.shortScope !== null &&
              step.shortAt !== null &&
              said.turnsShort(step.shortScope, formatShort(step.shortAt))}
          </>
        ),
      };
    case 'check_raises':
      return {
        title: step.at === null ? said.checkRaisesLater : said.check_raises(formatExact(step.at)),
        variant: 'pending',
        ...(step.at !== null && { text: <Instant at={step.at} /> }),
      };
    case 'will_be_told':
    case 'told':
      return {
        title: said[step.kind],
        variant: step.kind === 'told' ? 'info' : 'pending',
        text: <Link to="/system">{said.toldText}</Link>,
      };
    case 'checks_off':
      return { title: said.checks_off, variant: 'warning' };
    case 'too_old_since':
      return {
        title: step.at === null ? said.tooOld : said.too_old_since(formatExact(step.at)),
        variant: 'danger',
      };
    case 'no_full_backup':
      return {
        title: said.no_full_backup(step.missing.join(words.engine.and)),
        variant: 'danger',
        text: words.engine.fullBackup,
      };
    case 'raised':
      return {
        title: said.raised(formatExact(step.at)),
        variant: 'danger',
        ...(step.isDismissed && { text: said.dismissed }),
      };
    case 'cleared_by_backup': {
      const missing = missingScopes(facts);
      return {
        title: missing.length === 1 ? said.clearedMissing(missing[0]!) : said.cleared_by_backup,
        variant: 'pending',
        text: said.clearedText,
      };
    }
    case 'unknown':
      return { title: said.unknown, variant: 'warning' };
    case 'not_monitored':
      return { title: said.not_monitored, variant: 'info', text: said.notMonitoredText };
  }
}
