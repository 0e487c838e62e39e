import { Card, CardBody, CardTitle, Title } from '@patternfly/react-core';
import type { Answer } from '../../api/use-answer.js';
import { Command } from '../../parts/command.js';
import { EngineLink } from '../../parts/engine-link.js';
import { words } from '../../words/words.js';

const { one } = words.overview;

/** Where there is one engine, the overview is about it. */
export function OneEngine({ overview }: { readonly overview: Answer<'/overview'> }) {
  const [engine] = overview.worst;
  if (!engine) return null;
  return (
    <Card>
      <CardTitle>
        <Title headingLevel="h2" size="lg">
          <EngineLink fqdn={engine.fqdn} />
        </Title>
      </CardTitle>
      <CardBody className="stack">
        <Command label={one.commandLabel}>{one.fullBackup}</Command>
      </CardBody>
    </Card>
  );
}
