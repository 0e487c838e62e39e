import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  type DescriptionListProps,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { ForeignText } from './foreign-text.js';

export type Fact = readonly [term: string, fact: ReactNode];

interface FactsProps extends Omit<DescriptionListProps, 'children' | 'ref'> {
  readonly facts: readonly Fact[];
}

/** What is known of one thing, each fact with its term. */
export function Facts({ facts, ...list }: FactsProps) {
  return (
    <DescriptionList isCompact {...list}>
      {facts.map(([term, fact]) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>{fact}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  );
}

/** In two columns where there is room. */
export function FactsInColumns(props: FactsProps) {
  return <Facts columnModifier={{ default: '1Col', lg: '2Col' }} {...props} />;
}

/** What a message says of itself; what it does not say is left out. */
export function ForeignFacts({
  facts,
}: {
  readonly facts: readonly (readonly [term: string, text: string | null])[];
}) {
  return (
    <FactsInColumns
      facts={facts.flatMap(([term, text]): Fact[] =>
        text === null || text === '' ? [] : [[term, <ForeignText key={term}>{text}</ForeignText>]],
      )}
    />
  );
}
