import { PageSection, Spinner } from '@patternfly/react-core';
import { useAnswer } from '../../api/use-answer.js';
import { headlineOf } from '../../layout/headline.js';
import { PageHeading } from '../../parts/page-heading.js';
import { ProblemState } from '../../parts/problem-state.js';
import { words } from '../../words/words.js';

export function OverviewPage() {
  const { data, error, refetch } = useAnswer('/overview');
  return (
    <>
      <PageHeading title={words.shell.pages.overview} />
      <PageSection>
        {error && !data && <ProblemState problem={error} retry={refetch} />}
        {!data && !error && <Spinner aria-label={words.common.loading} />}
        {data && headlineOf(data).kind}
      </PageSection>
    </>
  );
}
