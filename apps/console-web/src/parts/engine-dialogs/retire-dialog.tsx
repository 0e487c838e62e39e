import { FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { words } from '../../words/words.js';
import { visibleText } from '../foreign-parts.js';
import { Dialog } from './dialog.js';
import { ProblemAlert } from './problem-alert.js';
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
  const [typed, setTyped] = useState('');
  const { mutate, isPending, error } = useChange(
    () => api.POST('/engines/{fqdn}/retirement', { params: { path: { fqdn } } }),
    onClose,
  );
  const name = visibleText(fqdn);
  return (
    <Dialog
      title={dialogs.retireTitle(name)}
      submit={dialogs.retire}
      isDangerous
      isReady={typed.trim() === name}
      isBusy={isPending}
      onSubmit={mutate}
      onClose={onClose}
    >
      <ProblemAlert problem={error} />
      <p>{dialogs.retireText}</p>
      <FormGroup label={dialogs.retireType(name)} fieldId="retire-name">
        <TextInput
          id="retire-name"
          autoComplete="off"
          value={typed}
          onChange={(_event, value) => setTyped(value)}
        />
      </FormGroup>
    </Dialog>
  );
}
