import { Card, CardBody, CardTitle, Title } from '@patternfly/react-core';
import { Command } from '../../parts/command.js';
import { words } from '../../words/words.js';

const { begin } = words.overview;

/** How to begin, while no engine is monitored. */
export function Begin() {
  return (
    <Card>
      <CardTitle>
        <Title headingLevel="h2" size="lg">
          {begin.title}
        </Title>
      </CardTitle>
      <CardBody className="stack">
        <p>{begin.text}</p>
        <p>{begin.onHost}</p>
        <Command label={begin.onHost}>{begin.install}</Command>
        <p>{begin.orAdd}</p>
        <Command label={begin.orAdd}>{begin.add}</Command>
      </CardBody>
    </Card>
  );
}
