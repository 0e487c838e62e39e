import { Content, FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { words } from '../../words/words.js';

const { deadLetters } = words;

interface Settled {
  readonly id: string;
  readonly close: () => void;
  readonly onSettled: () => void;
}

export function ReplayDialog({ id, close, onSettled }: Settled) {
  const run = async () => {
    await api.POST('/dead-letters/{id}/replay', { params: { path: { id } }, body: {} });
    onSettled();
  };
  return (
    <ConfirmDialog
      title={deadLetters.replayTitle}
      action={deadLetters.replay}
      run={run}
      close={close}
    >
      <Content component="p">{deadLetters.replayText}</Content>
    </ConfirmDialog>
  );
}

export function DiscardDialog({ id, close, onSettled }: Settled) {
  const [comment, setComment] = useState('');
  const run = async () => {
    await api.DELETE('/dead-letters/{id}', {
      params: { path: { id } },
      body: { comment: comment.trim() },
    });
    onSettled();
  };
  return (
    <ConfirmDialog
      title={deadLetters.discardTitle}
      action={deadLetters.discard}
      isDanger
      isReady={comment.trim() !== ''}
      run={run}
      close={close}
    >
      <Content component="p">{deadLetters.discardText}</Content>
      <FormGroup label={deadLetters.comment} fieldId="discard-comment" isRequired>
        <TextInput
          id="discard-comment"
          isRequired
          value={comment}
          onChange={(_event, value) => setComment(value)}
        />
      </FormGroup>
    </ConfirmDialog>
  );
}
