import { PageSection, Spinner } from '@patternfly/react-core';
import { useParams } from 'react-router';
import { Problem } from '../../api/problem.js';
import { useAnswer } from '../../api/use-answer.js';
import { PageHeading } from '../../parts/page-heading.js';
import { ProblemState } from '../../parts/problem-state.js';
import { formatMonth } from '../../time/format.js';
import { useNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import { MonthReport } from './month-report.js';
import { MonthToolbar } from './month-toolbar.js';
import { isMonth, monthAt } from './months.js';
import { NoReport } from './no-report.js';
import './reports.css';

const { reports: said } = words;

/** A month, engine by engine; this one unless the address names another. */
export function ReportsPage() {
  const now = useNow();
  const { month = monthAt(now) } = useParams();
  const isReal = isMonth(month);
  const { data, error, refetch } = useAnswer(
    '/reports/{month}',
    { path: { month } },
    { enabled: isReal && month <= monthAt(now) },
  );
  if (!isReal) return <NoReport kind="notAMonth" month={month} />;
  return (
    <>
      <PageHeading title={said.title(formatMonth(month))}>{said.lead}</PageHeading>
      <PageSection isFilled>
        <MonthToolbar month={month} hasReport={data !== undefined} />
        {month > monthAt(now) ? (
          <NoReport kind="notBegun" month={month} />
        ) : error instanceof Problem && error.status === 409 ? (
          <NoReport kind="notKnown" month={month} text={error.message} />
        ) : error && !data ? (
          <ProblemState problem={error} retry={refetch} />
        ) : data ? (
          <MonthReport report={data} />
        ) : (
          <Spinner aria-label={words.common.loading} />
        )}
      </PageSection>
    </>
  );
}
