import { useAnswer } from '../../api/use-answer.js';
import { AlertPeriodDialog } from '../../parts/engine-dialogs/alert-period-dialog.js';
import { ResumeDialog } from '../../parts/engine-dialogs/resume-dialog.js';
import { RetireDialog } from '../../parts/engine-dialogs/retire-dialog.js';
import { AddDialog } from './add-dialog.js';

export type EngineDialog =
  | { readonly kind: 'add' }
  | { readonly kind: 'period' | 'retire' | 'resume'; readonly fqdn: string };

/** What an operator can change from the list; a new list is fetched after it. */
export function EngineDialogs({
  dialog,
  close,
  renew,
}: {
  readonly dialog: EngineDialog;
  readonly close: () => void;
  readonly renew: () => void;
}) {
  switch (dialog.kind) {
    case 'add':
      return <AddDialog onClose={close} onAdded={renew} />;
  }
}
