import { FormGroup, Radio, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { words } from '../../words/words.js';
import { ConfirmDialog } from '../confirm-dialog.js';
import { visibleText } from '../foreign-parts.js';
import { useChange } from './use-change.js';

const { dialogs } = words.engine;

/** Sets the maximum age of an engine's last full backup, or lets the general one hold. Whether a number is valid, the API says. */
export function AlertPeriodDialog({
  fqdn,
  ownDays,
  onClose,
}: {
  readonly fqdn: string;
  /** Null: the general one holds. */
  readonly ownDays: number | null;
  readonly onClose: () => void;
}) {
  const [isOwn, setOwn] = useState(ownDays !== null);
  const [days, setDays] = useState(ownDays === null ? '' : String(ownDays));
  const change = useChange();
  const save = () =>
    api.PATCH('/engines/{fqdn}', {
      params: { path: { fqdn } },
      body: { alert_period_days: isOwn ? days.trim() : null },
    });
  return (
    <ConfirmDialog
      title={dialogs.periodTitle(visibleText(fqdn))}
      action={dialogs.save}
      isReady={!isOwn || days.trim() !== ''}
      run={() => change(save)}
      close={onClose}
    >
      <p>{dialogs.periodText}</p>
      <Radio
        id="period-general"
        name="period"
        label={dialogs.periodGeneral}
        isChecked={!isOwn}
        onChange={() => setOwn(false)}
      />
      <Radio
        id="period-own"
        name="period"
        label={dialogs.periodOwn}
        isChecked={isOwn}
        onChange={() => setOwn(true)}
      />
      <FormGroup label={dialogs.periodDays} fieldId="period-days">
        <TextInput
          id="period-days"
          inputMode="numeric"
          value={days}
          isDisabled={!isOwn}
          onChange={(_event, value) => setDays(value)}
        />
      </FormGroup>
    </ConfirmDialog>
  );
}
