import {
  Card,
  CardBody,
  CardTitle,
  Content,
  ExpandableSection,
  Label,
} from '@patternfly/react-core';
import { useState } from 'react';
import { Command } from '../../parts/command.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Instant } from '../../parts/instant.js';
import { formatCount } from '../../time/format.js';
import { words } from '../../words/words.js';
import { LettersTable } from './letters-table.js';
import type { ReasonGroup } from './reasons.js';

const { deadLetters } = words;

/** All letters of one cause: what it means and what helps come first. */
export function ReasonCard({ group }: { readonly group: ReasonGroup }) {
  const [isOpen, setOpen] = useState(false);
  const { kind, path, reason, queues, count, oldestAt } = group;
  const command = deadLetters.command[kind as keyof typeof deadLetters.command];
  return (
    <Card>
      <CardTitle component="h2">
        {deadLetters.kind[kind]}
        {kind === 'invalid' && path !== null && (
          <>
            : <ForeignText>{path}</ForeignText>
          </>
        )}
      </CardTitle>
      <CardBody>
        <div className="letter-group-meta">
          {queues.map(({ queue, count: ofQueue }) => (
            <Label key={queue} color="orange">
              {deadLetters.ofQueue[queue]}: {formatCount(ofQueue)}
            </Label>
          ))}
          {oldestAt !== null && (
            <span>
              {deadLetters.oldest} <Instant at={oldestAt} />
            </span>
          )}
        </div>
        {reason !== null && (
          <Content component="p">
            <q>
              <ForeignText>{reason}</ForeignText>
            </q>
          </Content>
        )}
        <Content component="p">{deadLetters.helps[kind]}</Content>
        {command !== undefined && <Command label={deadLetters.commandLabel}>{command}</Command>}
        <ExpandableSection
          toggleText={deadLetters.show(count, formatCount(count))}
          isExpanded={isOpen}
          onToggle={(_event, opened) => setOpen(opened)}
        >
          {isOpen && <LettersTable group={group} />}
        </ExpandableSection>
      </CardBody>
    </Card>
  );
}
