import { api } from '../../api/client.js';
import { words } from '../../words/words.js';
import { ConfirmDialog } from '../confirm-dialog.js';
import { visibleText } from '../foreign-parts.js';
import { useChange } from './use-change.js';

const { dialogs } = words.engine;

/** Monitors a retired engine again. */
export function ResumeDialog({
  fqdn,
  onClose,
}: {
  readonly fqdn: string;
  readonly onClose: () => void;
}) {
  const change = useChange();
  return (
    <ConfirmDialog
      title={dialogs.resumeTitle(visibleText(fqdn))}
      action={dialogs.resume}
      run={() => change(() => api.POST('/engines', { body: { fqdn } }))}
      close={onClose}
    >
      <p>{dialogs.resumeText}</p>
    </ConfirmDialog>
  );
}
