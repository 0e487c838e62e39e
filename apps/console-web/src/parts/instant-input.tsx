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
  from,
  problem,
}: {
  readonly id: string;
  readonly label: string;
  readonly instant: string | undefined;
  readonly onChange: (instant: string | undefined) => void;
  readonly isRequired?: boolean;
  /** In milliseconds; what is earlier is not offered. */
  readonly from?: number;
  /** What is wrong with the instant. */
  readonly problem?: string;
}) {
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      <TextInput
        id={id}
        type="datetime-local"
        aria-describedby={`${id}-zone`}
        isRequired={isRequired}
        {...(from !== undefined && { min: inputOf(new Date(from).toISOString()) })}
        validated={problem === undefined ? 'default' : 'error'}
        value={inputOf(instant)}
        onChange={(_event, value) => onChange(instantOf(value))}
      />
      <FormHelperText>
        <HelperText id={`${id}-zone`}>
          <HelperTextItem>{words.common.inZone(zoneName())}</HelperTextItem>
          {problem !== undefined && <HelperTextItem variant="error">{problem}</HelperTextItem>}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
