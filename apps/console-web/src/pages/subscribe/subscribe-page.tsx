import {
  Card,
  CardBody,
  CardTitle,
  FormGroup,
  Gallery,
  Grid,
  GridItem,
  List,
  ListItem,
  PageSection,
  TextInput,
} from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { Command } from '../../parts/command.js';
import { PageHeading } from '../../parts/page-heading.js';
import { words } from '../../words/words.js';
import { ConnectFacts } from './connect-facts.js';
import { EventsPart } from './events-part.js';
import { SamplesPart } from './samples-part.js';
import './subscribe.css';

const { subscribe: said } = words;

/** How other components connect, ready to copy. */
export function SubscribePage() {
  const [typed, setTyped] = useState('');
  const name = typed.trim() === '' ? said.nameDefault : typed.trim();
  return (
    <>
      <PageHeading title={words.shell.pages.subscribe}>{said.lead}</PageHeading>
      <PageSection isFilled>
        <Grid hasGutter>
          <Part title={said.user} half>
            <FormGroup label={said.name} fieldId="subscriber-name" className="subscribe-name">
              <TextInput
                id="subscriber-name"
                placeholder={said.nameDefault}
                value={typed}
                autoComplete="off"
                onChange={(_event, value) => setTyped(value)}
              />
            </FormGroup>
            <p>{said.userText}</p>
            <Command label={said.add}>
              {`backup-awareness topology subscriber add ${name} --password-file ${name}.password`}
            </Command>
            <p>{said.userMay}</p>
            <Command label={said.remove}>
              {`backup-awareness topology subscriber remove ${name}`}
            </Command>
          </Part>
          <Part title={said.connect} half>
            <ConnectFacts name={name} />
            <p>{said.connectText}</p>
            <Command label={said.url}>
              {`export AMQP_URL=amqp://subscriber.${name}:$(cat ${name}.password)@127.0.0.1:5672/%2F`}
            </Command>
          </Part>
          <Part title={said.duties}>
            <List>
              {said.dutyList.map((duty) => (
                <ListItem key={duty}>{duty}</ListItem>
              ))}
            </List>
            <p>{said.absent}</p>
          </Part>
          <Part title={said.samples}>
            <p>{said.samplesText}</p>
            <SamplesPart />
          </Part>
          <Part title={said.see}>
            <p>{said.seeText}</p>
            <Gallery hasGutter minWidths={{ default: '100%', lg: '25rem' }}>
              <Command label={said.seeText}>{said.seeRaise}</Command>
              <Command label={said.seeText}>{said.seeClear}</Command>
            </Gallery>
          </Part>
          <Part title={said.events}>
            <EventsPart />
          </Part>
        </Grid>
      </PageSection>
    </>
  );
}

function Part({
  title,
  half = false,
  children,
}: {
  readonly title: string;
  readonly half?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <GridItem {...(half && { xl: 6 })}>
      <Card isFullHeight>
        <CardTitle component="h2">{title}</CardTitle>
        <CardBody className="subscribe-part">{children}</CardBody>
      </Card>
    </GridItem>
  );
}
