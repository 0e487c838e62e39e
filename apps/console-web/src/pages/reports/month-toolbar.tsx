import { Alert, Button, Flex, FormSelect, FormSelectOption } from '@patternfly/react-core';
import AngleLeftIcon from '@patternfly/react-icons/dist/esm/icons/angle-left-icon';
import AngleRightIcon from '@patternfly/react-icons/dist/esm/icons/angle-right-icon';
import PrintIcon from '@patternfly/react-icons/dist/esm/icons/print-icon';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { download } from '../../api/download.js';
import { problemText } from '../../parts/problem-state.js';
import { formatMonth } from '../../time/format.js';
import { useNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import { monthAfter, monthAt, monthChoice } from './months.js';

const { reports: said } = words;
const FILES = { csv: 'text/csv', json: 'application/json' } as const;

/** Chooses a month, and takes its report elsewhere. */
export function MonthToolbar({
  month,
  hasReport,
}: {
  readonly month: string;
  readonly hasReport: boolean;
}) {
  const now = useNow();
  const navigate = useNavigate();
  const go = (to: string) => void navigate(`/reports/${to}`);
  const save = useMutation({
    mutationFn: (kind: keyof typeof FILES) =>
      download(`/reports/${month}`, FILES[kind], `backup-report-${month}.${kind}`),
  });
  return (
    <div className="report-tools">
      <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }}>
        <Flex columnGap={{ default: 'columnGapXs' }} flexWrap={{ default: 'nowrap' }}>
          <Button
            variant="plain"
            aria-label={said.earlier}
            icon={<AngleLeftIcon />}
            onClick={() => go(monthAfter(month, -1))}
          />
          <FormSelect aria-label={said.month} value={month} onChange={(_event, value) => go(value)}>
            {monthChoice(now, month).map((each) => (
              <FormSelectOption key={each} value={each} label={formatMonth(each)} />
            ))}
          </FormSelect>
          <Button
            variant="plain"
            aria-label={said.later}
            icon={<AngleRightIcon />}
            isDisabled={month >= monthAt(now)}
            onClick={() => go(monthAfter(month, 1))}
          />
        </Flex>
        {hasReport && (
          <Flex columnGap={{ default: 'columnGapSm' }} rowGap={{ default: 'rowGapSm' }}>
            {(['csv', 'json'] as const).map((kind) => (
              <Button key={kind} variant="secondary" onClick={() => save.mutate(kind)}>
                {said[kind]}
              </Button>
            ))}
            <Button
              variant="secondary"
              component="a"
              href={`/api/v1/reports/${month}`}
              target="_blank"
            >
              {said.html}
            </Button>
            <Button variant="primary" icon={<PrintIcon />} onClick={() => window.print()}>
              {said.print}
            </Button>
          </Flex>
        )}
      </Flex>
      {save.error && (
        <Alert isInline variant="danger" title={said.failedDownload} component="p">
          {problemText(save.error)}
        </Alert>
      )}
    </div>
  );
}
