import {
  Button,
  ExpandableSection,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  TextInput,
} from '@patternfly/react-core';
import { useState, type FormEvent } from 'react';
import { InstantInput } from '../../parts/instant-input.js';
import { words } from '../../words/words.js';
import { TYPES } from './types.js';
import { isEmpty, type Selection } from './selection.js';
import './audit.css';

const { audit } = words;
const TYPE_NAMES = 'audit-types';

interface Chosen {
  readonly selection: Selection;
  readonly choose: (selection: Selection) => void;
}

/** What is asked for; it is in the address, so that it can be sent to somebody. Closed on a phone until it is used. */
export function Filters(chosen: Chosen) {
  const [isOpen, setOpen] = useState(() => !isEmpty(chosen.selection) || isWide());
  return (
    <ExpandableSection
      toggleText={audit.filters}
      isExpanded={isOpen}
      onToggle={(_event, opened) => setOpen(opened)}
    >
      <FilterForm {...chosen} />
    </ExpandableSection>
  );
}

const isWide = () => matchMedia('(width >= 48rem)').matches;

function FilterForm({ selection, choose }: Chosen) {
  const [draft, setDraft] = useState(selection);
  const set = (name: keyof Selection) => (value: string | undefined) =>
    setDraft({ ...draft, [name]: value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    choose(draft);
  };
  return (
    <Form onSubmit={submit} aria-label={audit.filters} className="filters">
      <FormGroup label={audit.engine} fieldId="audit-fqdn">
        <TextInput
          id="audit-fqdn"
          value={draft.fqdn ?? ''}
          placeholder={audit.enginePlaceholder}
          autoComplete="off"
          onChange={(_event, value) => set('fqdn')(value)}
        />
      </FormGroup>
      <FormGroup label={audit.type} fieldId="audit-type">
        <TextInput
          id="audit-type"
          list={TYPE_NAMES}
          value={draft.type ?? ''}
          placeholder={audit.typePlaceholder}
          autoComplete="off"
          onChange={(_event, value) => set('type')(value)}
        />
        <datalist id={TYPE_NAMES}>
          {TYPES.map((type) => (
            <option key={type} value={type} />
          ))}
        </datalist>
      </FormGroup>
      <FormGroup label={audit.severity} fieldId="audit-severity">
        <FormSelect
          id="audit-severity"
          value={draft.severity ?? ''}
          onChange={(_event, value) => set('severity')(value)}
        >
          <FormSelectOption value="" label={audit.anySeverity} />
          {Object.entries(audit.severities).map(([value, label]) => (
            <FormSelectOption key={value} value={value} label={label} />
          ))}
        </FormSelect>
      </FormGroup>
      <InstantInput
        id="audit-since"
        label={audit.since}
        instant={draft.since}
        onChange={set('since')}
      />
      <InstantInput
        id="audit-until"
        label={audit.until}
        instant={draft.until}
        onChange={set('until')}
      />
      <div className="filter-buttons">
        <Button type="submit" variant="secondary">
          {audit.apply}
        </Button>
        {!isEmpty(selection) && (
          <Button variant="link" onClick={() => choose({})}>
            {audit.clear}
          </Button>
        )}
      </div>
    </Form>
  );
}
