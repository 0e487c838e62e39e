import {
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { useChange } from '../../parts/engine-dialogs/use-change.js';
import { words } from '../../words/words.js';

const { add: said } = words.engines;

/** Monitors an engine from now on. Whether name and period are valid, the API says. */
export function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const [fqdn, setFqdn] = useState('');
  const [days, setDays] = useState('');
  const change = useChange();
  const add = () =>
    api.POST('/engines', {
      body: {
        fqdn: fqdn.trim(),
        ...(days.trim() !== '' && { alert_period_days: days.trim() }),
      },
    });
  return (
    <ConfirmDialog
      title={said.title}
      action={said.submit}
      isReady={fqdn.trim() !== ''}
      run={() => change(add)}
      close={onClose}
    >
      <p>{said.effect}</p>
      <FormGroup label={said.fqdn} fieldId="add-fqdn" isRequired>
        <TextInput
          id="add-fqdn"
          autoComplete="off"
          spellCheck={false}
          isRequired
          value={fqdn}
          onChange={(_event, value) => setFqdn(value)}
        />
        <Help>{said.fqdnHelp}</Help>
      </FormGroup>
      <FormGroup label={said.period} fieldId="add-days">
        <TextInput
          id="add-days"
          inputMode="decimal"
          value={days}
          onChange={(_event, value) => setDays(value)}
        />
        <Help>{said.periodHelp}</Help>
      </FormGroup>
    </ConfirmDialog>
  );
}

function Help({ children }: { readonly children: string }) {
  return (
    <FormHelperText>
      <HelperText>
        <HelperTextItem>{children}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
