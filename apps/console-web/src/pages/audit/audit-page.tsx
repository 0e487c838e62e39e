import { PageSection } from '@patternfly/react-core';
import { useSearchParams } from 'react-router';
import { PageHeading } from '../../parts/page-heading.js';
import { words } from '../../words/words.js';
import { AuditList } from './audit-list.js';
import { Filters } from './filters.js';
import { selectionOf, type Selection } from './selection.js';

export function AuditPage() {
  const [address, setAddress] = useSearchParams();
  const selection = selectionOf(address);
  const key = JSON.stringify(selection);
  const choose = (chosen: Selection) =>
    setAddress(selectionOf(new URLSearchParams(withoutNone(chosen))) as Record<string, string>);
  return (
    <>
      <PageHeading title={words.shell.pages.audit}>{words.audit.intro}</PageHeading>
      <PageSection>
        <Filters key={key} selection={selection} choose={choose} />
        <AuditList key={`list ${key}`} selection={selection} />
      </PageSection>
    </>
  );
}

function withoutNone(selection: Selection): Record<string, string> {
  return Object.fromEntries(
    Object.entries(selection).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
