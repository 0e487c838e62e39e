import { api } from '../../api/client.js';
import { words } from '../../words/words.js';
import { visibleText } from '../foreign-parts.js';
import { Dialog } from './dialog.js';
import { ProblemAlert } from './problem-alert.js';
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
  const { mutate, isPending, error } = useChange(
    () => api.POST('/engines', { body: { fqdn } }),
    onClose,
  );
  return (
    <Dialog
      title={dialogs.resumeTitle(visibleText(fqdn))}
      submit={dialogs.resume}
      isBusy={isPending}
      onSubmit={mutate}
      onClose={onClose}
    >
      <ProblemAlert problem={error} />
      <p>{dialogs.resumeText}</p>
    </Dialog>
  );
}
