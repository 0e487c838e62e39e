import { useAnswer } from '../../api/use-answer.js';
import { useConnection } from '../../live/connection.js';
import type { Coming } from './coming-steps.js';
import type { EngineFacts } from './facts.js';

const NOTHING_COMING: Coming = { turnsAt: null, shortScope: null, checkAt: null, isChecked: true };

// until the document has it: the explanation then tells all of this
export function useComing({ fqdn, isPast, verdict }: EngineFacts): Coming {
  const isAsked = !isPast && verdict === 'fresh';
  const list = useAnswer('/engines', { query: { search: fqdn } }, { enabled: isAsked });
  const { data: overview } = useAnswer('/overview');
  const { data: settings } = useAnswer('/settings');
  const period = settings?.find(({ name }) => name === 'BackupCheckPeriodInHours')?.value;
  const item = list.data?.items.find((each) => each.fqdn === fqdn);
  if (isPast) return NOTHING_COMING;
  const turnsAt = item?.turns_too_old_at ?? null;
  const next = overview?.next_check_at ?? null;
  return {
    turnsAt,
    shortScope: item?.short_scope ?? null,
    checkAt: next !== null && (turnsAt === null || turnsAt <= next) ? next : null,
    isChecked: period !== '-1',
  };
}

/** Whether what the page shows of the present may be believed; `why` is the part that fails. */
export function useIsTrusted(): { readonly isTrusted: boolean; readonly why: 'lost' | 'trust' } {
  const { data, isError } = useAnswer('/overview');
  const connection = useConnection();
  if (connection.type === 'lost' || isError) return { isTrusted: false, why: 'lost' };
  return { isTrusted: data === undefined || data.trust.known, why: 'trust' };
}
