import {
  Button,
  Content,
  Switch,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { Table, Th, Thead, Tr } from '@patternfly/react-table';
import { useEffect, useState } from 'react';
import { Loaded } from '../../parts/loaded.js';
import { MoreRows } from '../../parts/more-rows.js';
import { formatCount } from '../../time/format.js';
import { words } from '../../words/words.js';
import { AuditRowBody } from './audit-row.js';
import { NoRows } from './no-rows.js';
import { downloadOf, isEmpty, type Selection } from './selection.js';
import { useAudit, useIsSeen } from './use-audit.js';

const { audit } = words;
const DOWNLOADS = [
  ['csv', audit.csv],
  ['jsonl', audit.jsonLines],
] as const;

export function AuditList({ selection }: { readonly selection: Selection }) {
  const [isLive, setLive] = useState(true);
  const [markTop, isAtTop] = useIsSeen();
  const { items, rows, waiting, isIncomplete, show, error, refetch, ...pages } = useAudit(
    selection,
    isLive,
  );
  // Only where one is at the top: elsewhere a new row would move what is being read.
  const isShownAtOnce = waiting > 0 && isAtTop;
  useEffect(() => {
    if (isShownAtOnce) show();
  });
  return (
    <>
      <Toolbar inset={{ default: 'insetNone' }} className="sticky-tools">
        <ToolbarContent>
          <ToolbarItem alignSelf="center">
            <Switch
              id="audit-tail"
              label={audit.tail}
              isChecked={isLive}
              onChange={(_event, isOn) => setLive(isOn)}
            />
          </ToolbarItem>
          <ToolbarItem role="status">
            {waiting > 0 && !isAtTop && (
              <Button variant="primary" size="sm" onClick={show}>
                {audit.newRows(`${formatCount(waiting)}${isIncomplete ? '+' : ''}`)}
              </Button>
            )}
          </ToolbarItem>
          {DOWNLOADS.map(([format, name]) => (
            <ToolbarItem key={format} {...(format === 'csv' && { align: { default: 'alignEnd' } })}>
              <Button
                component="a"
                href={downloadOf(selection, format)}
                download={`audit.${format}`}
                variant="link"
                icon={<DownloadIcon />}
                aria-label={audit.download(name)}
              >
                {name}
              </Button>
            </ToolbarItem>
          ))}
        </ToolbarContent>
      </Toolbar>
      <div ref={markTop} />
      <Loaded isLoaded={items !== undefined} problem={error} retry={refetch}>
        {rows.length === 0 ? (
          <NoRows isFiltered={!isEmpty(selection)} />
        ) : (
          <Table
            aria-label={words.shell.pages.audit}
            variant="compact"
            gridBreakPoint="grid-lg"
            isExpandable
          >
            <Thead>
              <Tr>
                <Th screenReaderText={words.common.more} />
                <Th modifier="nowrap">{audit.time}</Th>
                <Th modifier="nowrap">{audit.severity}</Th>
                <Th width={20}>{audit.engine}</Th>
                <Th width={50}>{audit.message}</Th>
              </Tr>
            </Thead>
            {rows.map((row, index) => (
              <AuditRowBody key={row.audit_log_id} row={row} index={index} />
            ))}
          </Table>
        )}
        <MoreRows {...pages} isByItself />
        {rows.length > 0 && !pages.hasNextPage && <Content component="small">{audit.end}</Content>}
      </Loaded>
    </>
  );
}
