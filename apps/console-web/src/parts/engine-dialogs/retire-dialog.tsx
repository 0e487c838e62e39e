import { api } from '../../api/client.js';
import { words } from '../../words/words.js';
import { ConfirmDialog } from '../confirm-dialog.js';
import { visibleText } from '../foreign-parts.js';
import { useChange } from './use-change.js';

const { dialogs } = words.engine;

/** Stops the monitoring of an engine, once its name has been typed. */
export function RetireDialog({
  fqdn,
  onClose,
}: {
  readonly fqdn: string;
  readonly onClose: () => void;
}) {
  const change = useChange();
  const name = visibleText(fqdn);
  return (
    <ConfirmDialog
      title={dialogs.retireTitle(name)}
      action={dialogs.retire}
      isDanger
      typed={{ text: name, label: dialogs.retireType(name) }}
      run={() =>
        change(() => api.POST('/engines/{fqdn}/retirement', { params: { path: { fqdn } } }))
      }
      close={onClose}
    >
      <p>{dialogs.retireText}</p>
    </ConfirmDialog>
  );
}
