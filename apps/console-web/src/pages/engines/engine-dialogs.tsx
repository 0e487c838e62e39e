import { useAnswer } from '../../api/use-answer.js';
import { AlertPeriodDialog } from '../../parts/engine-dialogs/alert-period-dialog.js';
import { ResumeDialog } from '../../parts/engine-dialogs/resume-dialog.js';
import { RetireDialog } from '../../parts/engine-dialogs/retire-dialog.js';
import { AddDialog } from './add-dialog.js';

export type EngineDialog =
  | { readonly kind: 'add' }
  | { readonly kind: 'period' | 'retire' | 'resume'; readonly fqdn: string };

/** What an operator can change from the list. */
export function EngineDialogs({
  dialog,
  onClose,
}: {
  readonly dialog: EngineDialog;
  readonly onClose: () => void;
}) {
  switch (dialog.kind) {
    case 'add':
      return <AddDialog onClose={onClose} />;
    case 'period':
      return <PeriodDialog fqdn={dialog.fqdn} onClose={onClose} />;
    case 'retire':
      return <RetireDialog fqdn={dialog.fqdn} onClose={onClose} />;
    case 'resume':
      return <ResumeDialog fqdn={dialog.fqdn} onClose={onClose} />;
  }
}

function PeriodDialog({ fqdn, onClose }: { readonly fqdn: string; readonly onClose: () => void }) {
  const { data } = useAnswer('/engines/{fqdn}', { path: { fqdn } });
  if (!data) return null;
  const { alert_period_days: days, alert_period_is_own: isOwn } = data;
  return <AlertPeriodDialog fqdn={fqdn} ownDays={isOwn ? days : null} onClose={onClose} />;
}
