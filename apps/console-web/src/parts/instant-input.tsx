import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import { TextInput } from '@patternfly/react-core';
import { inputOf, instantOf, zoneName } from '../time/local-input.js';
import { words } from '../words/words.js';

/** A date and time in the reader's zone, which it names. */
export function InstantInput({
  id,
  label,
  instant,
  onChange,
  isRequired = false,
}: {
  readonly id: string;
  readonly label: string;
  readonly instant: string | undefined;
  readonly onChange: (instant: string | undefined) => void;
  readonly isRequired?: boolean;
}) {
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      <TextInput
        id={id}
        type="datetime-local"
        aria-describedby={`${id}-zone`}
        isRequired={isRequired}
        value={inputOf(instant)}
        onChange={(_event, value) => onChange(instantOf(value))}
      />
      <FormHelperText>
        <HelperText id={`${id}-zone`}>
          <HelperTextItem>{words.common.inZone(zoneName())}</HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
