import { Button, EmptyState, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { Command } from '../../parts/command.js';
import { words } from '../../words/words.js';

const said = words.engines;

/** Why the list is empty, and what to do. */
export function NoEngines({
  isFiltered,
  clear,
}: {
  readonly isFiltered: boolean;
  readonly clear: () => void;
}) {
  if (isFiltered)
    return (
      <EmptyState headingLevel="h2" icon={SearchIcon} titleText={said.none}>
        <EmptyStateBody>{said.noneText}</EmptyStateBody>
        <EmptyStateFooter>
          <Button variant="link" onClick={clear}>
            {said.clearAll}
          </Button>
        </EmptyStateFooter>
      </EmptyState>
    );
  return (
    <EmptyState headingLevel="h2" titleText={said.noEngine}>
      <EmptyStateBody>{said.noEngineText}</EmptyStateBody>
      <EmptyStateFooter>
        <Command label={said.noEngineText}>{said.noEngineCommand}</Command>
      </EmptyStateFooter>
    </EmptyState>
  );
}
