import { Button, Flex } from '@patternfly/react-core';
import { useState } from 'react';
import { useIsOperator } from '../../api/use-session.js';
import { AlertPeriodDialog } from '../../parts/engine-dialogs/alert-period-dialog.js';
import { ResumeDialog } from '../../parts/engine-dialogs/resume-dialog.js';
import { RetireDialog } from '../../parts/engine-dialogs/retire-dialog.js';
import { words } from '../../words/words.js';
import type { EngineFacts } from './facts.js';
import { LookAtPast } from './time-machine.js';

const { actions: said } = words.engine;
type Open = 'period' | 'retire' | 'resume';

/** What can be done with the engine; changes only by operators, and only in the present. */
export function EngineActions({
  facts,
  go,
}: {
  readonly facts: EngineFacts;
  readonly go: (at: string) => void;
}) {
  const isOperator = useIsOperator();
  const [open, setOpen] = useState<Open | undefined>();
  if (facts.isPast) return null;
  const { fqdn } = facts;
  const onClose = () => setOpen(undefined);
  return (
    <Flex columnGap={{ default: 'columnGapSm' }} rowGap={{ default: 'rowGapSm' }}>
      <LookAtPast go={go} />
      {isOperator && facts.verdict === 'retired' && (
        <Button variant="secondary" onClick={() => setOpen('resume')}>
          {said.resume}
        </Button>
      )}
      {isOperator && facts.verdict !== 'retired' && (
        <>
          <Button variant="secondary" onClick={() => setOpen('period')}>
            {said.period}
          </Button>
          <Button variant="secondary" isDanger onClick={() => setOpen('retire')}>
            {said.retire}
          </Button>
        </>
      )}
      {open === 'period' && (
        <AlertPeriodDialog
          fqdn={fqdn}
          ownDays={facts.isOwnPeriod === true ? facts.periodDays : null}
          onClose={onClose}
        />
      )}
      {open === 'retire' && <RetireDialog fqdn={fqdn} onClose={onClose} />}
      {open === 'resume' && <ResumeDialog fqdn={fqdn} onClose={onClose} />}
    </Flex>
  );
}
