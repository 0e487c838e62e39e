import {
  Content,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Radio,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { InstantInput } from '../../parts/instant-input.js';
import { words } from '../../words/words.js';
import { presentInstant, useOfNow } from '../../time/now.js';
import type { Alert } from './alert.js';

const DAY_MS = 86_400_000;

export function DismissDialog({
  alert: { alert_id, fqdn },
  close,
}: {
  readonly alert: Alert;
  readonly close: () => void;
}) {
  const [comment, setComment] = useState('');
  const [isBounded, setBounded] = useState(false);
  const [until, setUntil] = useState<string | undefined>(() =>
    new Date(presentInstant() + DAY_MS).toISOString(),
  );
  const isToCome = useOfNow((now) => until !== undefined && Date.parse(until) > now);
  const run = () =>
    api.POST('/alerts/{id}/dismissal', {
      params: { path: { id: alert_id } },
      body: { comment: comment.trim(), until: isBounded ? until! : null },
    });
  return (
    <ConfirmDialog
      title={words.alerts.dismissOf(visibleText(fqdn))}
      action={words.alerts.dismiss}
      isReady={comment.trim() !== '' && (!isBounded || isToCome)}
      run={run}
      close={close}
    >
      <Content component="p">{words.alerts.dismissText}</Content>
      <FormGroup label={words.alerts.comment} fieldId="comment" isRequired>
        <TextInput
          id="comment"
          isRequired
          value={comment}
          aria-describedby="comment-help"
          onChange={(_event, value) => setComment(value)}
        />
        <FormHelperText>
          <HelperText id="comment-help">
            <HelperTextItem>{words.alerts.commentHelp}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <FormGroup role="radiogroup" label={words.alerts.howLong} fieldId="how-long" isStack>
        <Radio
          id="until-cleared"
          name="how-long"
          label={words.alerts.untilItIsCleared}
          isChecked={!isBounded}
          onChange={() => setBounded(false)}
        />
        <Radio
          id="until-instant"
          name="how-long"
          label={words.alerts.untilAnInstant}
          isChecked={isBounded}
          onChange={() => setBounded(true)}
        />
      </FormGroup>
      {isBounded && (
        <InstantInput
          id="until"
          label={words.alerts.untilLabel}
          instant={until}
          onChange={setUntil}
          isRequired
          from={presentInstant()}
          {...(!isToCome && { problem: words.alerts.untilPast })}
        />
      )}
    </ConfirmDialog>
  );
}
