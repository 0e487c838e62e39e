import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { Command } from '../../parts/command.js';
import { words } from '../../words/words.js';

const { audit } = words;

export function NoRows({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <EmptyState
      headingLevel="h2"
      icon={SearchIcon}
      titleText={isFiltered ? audit.none : audit.empty}
    >
      <EmptyStateBody>{isFiltered ? audit.noneText : audit.emptyText}</EmptyStateBody>
      {!isFiltered && <Command label={audit.emptyText}>{audit.emptyCommand}</Command>}
    </EmptyState>
  );
}
