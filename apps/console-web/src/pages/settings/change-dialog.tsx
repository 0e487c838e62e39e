import {
  Alert,
  Button,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { words } from '../../words/words.js';
import { asksForForce, hasNoPreview, typedFor, whatIsOff, type Preview } from './change.js';
import { PreviewResult } from './preview-result.js';
import { titleOf, type Setting } from './setting.js';

const { settings } = words;
const LONG = 60;

/** A new value is first previewed, then applied. */
export function ChangeDialog({
  setting: { name, value: present, default_value, expected },
  close,
}: {
  readonly setting: Setting;
  readonly close: () => void;
}) {
  const [entered, setEntered] = useState(present);
  const value = entered.trim();
  const [previewed, setPreviewed] = useState<{ value: string; preview: Preview }>();
  const [forceFor, setForceFor] = useState<string>();
  const preview = previewed?.value === value ? previewed.preview : undefined;
  const isPreviewed = preview !== undefined;
  const needsForce = forceFor === value;
  const askPreview = async () => {
    setPreviewed({ value, preview: await readPreview(name, value) });
  };
  const apply = async () => {
    try {
      // If somebody has changed it since, the preview was about something else.
      const body = { value, from: present, ...(needsForce && { force: true }) };
      await api.PUT('/settings/{name}', { params: { path: { name } }, body });
    } catch (error) {
      if (!needsForce && asksForForce(error)) setForceFor(value);
      throw error;
    }
  };
  const off = whatIsOff(name, value);
  return (
    <ConfirmDialog
      title={settings.changeOf(titleOf(name))}
      action={isPreviewed ? settings.apply : settings.preview}
      isDanger={isPreviewed && (off !== undefined || needsForce)}
      isReady={value !== '' && value !== present}
      typed={isPreviewed ? typedFor(value, preview, needsForce) : undefined}
      staysOpen={!isPreviewed}
      run={isPreviewed ? apply : askPreview}
      close={close}
    >
      <FormGroup label={settings.newValue} fieldId="new-value" isRequired>
        <ValueInput isLong={present.length > LONG} value={entered} onChange={setEntered} />
        <FormHelperText>
          <HelperText id="new-value-help">
            <HelperTextItem>{settings.expected(expected)}</HelperTextItem>
            {value === present && <HelperTextItem>{settings.sameValue}</HelperTextItem>}
          </HelperText>
        </FormHelperText>
        {value !== default_value && (
          <Button variant="link" isInline onClick={() => setEntered(default_value)}>
            {settings.backToDefault(default_value.replaceAll(',', ', '))}
          </Button>
        )}
      </FormGroup>
      {off !== undefined && <Alert isInline variant="warning" title={off} component="p" />}
      {needsForce && (
        <Alert isInline variant="warning" title={settings.unrestorable} component="p" />
      )}
      {isPreviewed && <PreviewResult preview={preview} />}
    </ConfirmDialog>
  );
}

function ValueInput({
  isLong,
  value,
  onChange,
}: {
  readonly isLong: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const shared = {
    id: 'new-value',
    'aria-describedby': 'new-value-help',
    value,
    isRequired: true,
  };
  return isLong ? (
    <TextArea
      {...shared}
      rows={4}
      resizeOrientation="vertical"
      onChange={(_event, entered) => onChange(entered)}
    />
  ) : (
    <TextInput {...shared} autoComplete="off" onChange={(_event, entered) => onChange(entered)} />
  );
}

async function readPreview(name: string, value: string): Promise<Preview> {
  try {
    const { data } = await api.POST('/settings/preview', { body: { name, value } });
    return data ?? null;
  } catch (error) {
    if (hasNoPreview(error)) return null;
    throw error;
  }
}
