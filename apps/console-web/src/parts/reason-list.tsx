import { Alert, List, ListItem } from '@patternfly/react-core';
import type { Doubt } from '../layout/doubts.js';
import { words } from '../words/words.js';
import { Command } from './command.js';
import { reasonWords } from './reason-words.js';

/** Why it is not known how engines stand, each reason with what to do about it. */
export function ReasonList({
  reasons,
  isWarning = false,
}: {
  readonly reasons: readonly Doubt[];
  /** What is known is right, but may not stay so. */
  readonly isWarning?: boolean;
}) {
  if (reasons.length === 0) return null;
  return (
    <Alert
      isInline
      {...(isWarning
        ? { variant: 'warning' }
        : { variant: 'custom', variantLabel: words.common.notKnownAlert })}
      title={isWarning ? words.overview.warningsTitle : words.overview.reasonsTitle}
      component="h2"
    >
      <List isPlain>
        {reasons.map((reason, index) => {
          const { what, todo, command } = reasonWords(reason);
          return (
            <ListItem key={`${reason.kind} ${index}`}>
              <strong>{what}</strong> {todo}
              {command !== undefined && (
                <div className="command">
                  <Command label={words.overview.commandLabel}>{command}</Command>
                </div>
              )}
            </ListItem>
          );
        })}
      </List>
    </Alert>
  );
}
