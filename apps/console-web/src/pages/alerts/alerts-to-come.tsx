import { Content } from '@patternfly/react-core';
import { headlineOf } from '../../layout/headline.js';
import { useKnown } from '../../layout/use-known.js';
import { ExactInstant } from '../../parts/instant.js';
import { words } from '../../words/words.js';
import type { Alert } from './alert.js';
import { alertsToCome } from './to-come.js';

const { alerts } = words;

/** Below the active alerts: that more engines are at risk, whose alerts the next check raises. */
export function AlertsToCome({ active }: { readonly active: readonly Alert[] }) {
  const { overview, doubts } = useKnown();
  const { kind, atRisk } = headlineOf(overview, doubts.length > 0);
  const toCome = kind === 'risk' ? alertsToCome(atRisk, active) : 0;
  if (toCome === 0) return null;
  return (
    <Content component="p">
      {alerts.moreAtRisk(toCome)}{' '}
      <CheckComing atRisk={toCome} at={overview?.next_check_at ?? null} />
    </Content>
  );
}

/** When alerts are raised of engines that are at risk. */
export function CheckComing({
  atRisk,
  at,
}: {
  readonly atRisk: number;
  readonly at: string | null;
}) {
  if (at === null) return <>{alerts.noneYetNoCheck}</>;
  return (
    <>
      {alerts.noneYetText(atRisk)} <ExactInstant at={at} />
    </>
  );
}
