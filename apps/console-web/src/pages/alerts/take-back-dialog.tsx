import { Content } from '@patternfly/react-core';
import { api } from '../../api/client.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { words } from '../../words/words.js';
import type { Alert } from './alert.js';

export function TakeBackDialog({
  alert: { alert_id, fqdn },
  close,
}: {
  readonly alert: Alert;
  readonly close: () => void;
}) {
  const run = () => api.DELETE('/alerts/{id}/dismissal', { params: { path: { id: alert_id } } });
  return (
    <ConfirmDialog
      title={words.alerts.takeBackOf(visibleText(fqdn))}
      action={words.alerts.takeBack}
      run={run}
      close={close}
    >
      <Content component="p">{words.alerts.takeBackText}</Content>
    </ConfirmDialog>
  );
}
