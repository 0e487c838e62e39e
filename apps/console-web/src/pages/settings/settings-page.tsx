import { Button, Content, Label, PageSection, Title } from '@patternfly/react-core';
import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAnswer } from '../../api/use-answer.js';
import { useIsOperator } from '../../api/use-session.js';
import { Cell } from '../../parts/cell.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHeading } from '../../parts/page-heading.js';
import { words } from '../../words/words.js';
import { ChangedBy } from './changed-by.js';
import { ChangeDialog } from './change-dialog.js';
import { groupsOf, sentenceOf, titleOf, valueInWords, type Setting } from './setting.js';

const { settings } = words;

export function SettingsPage() {
  const { data, error, refetch } = useAnswer('/settings');
  const [asked, setAsked] = useState<Setting>();
  const queryClient = useQueryClient();
  const close = () => {
    setAsked(undefined);
    void queryClient.invalidateQueries({ queryKey: ['/settings'] });
  };
  return (
    <>
      <PageHeading title={words.shell.pages.settings}>{settings.intro}</PageHeading>
      <Loaded isLoaded={data !== undefined} problem={error} retry={refetch}>
        {groupsOf(data ?? []).map(({ group, settings: ofGroup }) => (
          <PageSection key={group}>
            <Title headingLevel="h2">{settings.groups[group]}</Title>
            <SettingsTable label={settings.groups[group]} of={ofGroup} ask={setAsked} />
          </PageSection>
        ))}
      </Loaded>
      {asked && <ChangeDialog setting={asked} close={close} />}
    </>
  );
}

function SettingsTable({
  label,
  of,
  ask,
}: {
  readonly label: string;
  readonly of: readonly Setting[];
  readonly ask: (setting: Setting) => void;
}) {
  const isOperator = useIsOperator();
  return (
    <Table aria-label={label} variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th width={40}>{settings.setting}</Th>
          <Th width={25}>{settings.value}</Th>
          <Th width={20}>{settings.changed}</Th>
          {isOperator && <Th screenReaderText={settings.change} />}
        </Tr>
      </Thead>
      <Tbody>
        {of.map((setting) => (
          <Tr key={setting.name}>
            <Cell dataLabel={settings.setting}>
              <strong>{titleOf(setting.name)}</strong>
              <Content component="small">
                {sentenceOf(setting.description)}
                {setting.name === 'BackupAlertPeriodInDays' && ` ${settings.ownPeriods}`}
              </Content>
              <Content component="small">
                <code>{setting.name}</code>
              </Content>
            </Cell>
            <Cell dataLabel={settings.value} modifier="breakWord">
              <Value setting={setting} />
            </Cell>
            <Cell dataLabel={settings.changed}>
              <ChangedBy setting={setting} />
            </Cell>
            {isOperator && (
              <Cell dataLabel={settings.change} modifier="fitContent">
                <Button
                  variant="secondary"
                  size="sm"
                  aria-label={settings.changeOf(titleOf(setting.name))}
                  onClick={() => ask(setting)}
                >
                  {settings.change}
                </Button>
              </Cell>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Value({ setting: { name, value, default_value } }: { readonly setting: Setting }) {
  return (
    <>
      <strong>
        <ForeignText>{valueInWords(name, value)}</ForeignText>
      </strong>{' '}
      {value === default_value ? (
        <Label isCompact variant="outline">
          {settings.isDefault}
        </Label>
      ) : (
        <Content component="small">{settings.default(valueInWords(name, default_value))}</Content>
      )}
    </>
  );
}
