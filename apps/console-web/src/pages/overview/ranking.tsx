import { Card, CardBody, CardTitle, Title } from '@patternfly/react-core';
import type { Answer } from '../../api/use-answer.js';
import { EngineLink } from '../../parts/engine-link.js';
import { Instant } from '../../parts/instant.js';
import { VerdictLabel } from '../../parts/verdict-label.js';
import { words } from '../../words/words.js';
import './ranking.css';

type Item = Answer<'/overview'>['worst'][number];
const said = words.overview;

/** The ten that need somebody most. */
export function Worst({
  items,
  isKnown,
}: {
  readonly items: readonly Item[];
  readonly isKnown: boolean;
}) {
  const shown = items.filter(
    ({ verdict, active_alerts: alerts }) => verdict !== 'fresh' || alerts.length > 0,
  );
  return (
    <Ranking title={said.worst} none={isKnown ? said.noWorst : said.wall.notKnown} items={shown}>
      {({ verdict, last_full_backup_at: last, watched_since: since }) => (
        <>
          <VerdictLabel verdict={isKnown ? verdict : 'unknown'} isCompact />
          {last === null ? (
            <span>
              {said.ranking.never} <Instant at={since} />
            </span>
          ) : (
            <Instant at={last} />
          )}
        </>
      )}
    </Ranking>
  );
}

/** The ten that turn too old next. */
export function Next({
  items,
  isKnown,
}: {
  readonly items: readonly Item[];
  readonly isKnown: boolean;
}) {
  return (
    <Ranking
      title={said.next}
      none={isKnown ? said.noNext : said.wall.notKnown}
      items={isKnown ? items : []}
    >
      {({ turns_too_old_at: at }) => at !== null && <Instant at={at} />}
    </Ranking>
  );
}

function Ranking({
  title,
  none,
  items,
  children,
}: {
  readonly title: string;
  readonly none: string;
  readonly items: readonly Item[];
  readonly children: (item: Item) => React.ReactNode;
}) {
  return (
    <Card isCompact isFullHeight>
      <CardTitle>
        <Title headingLevel="h2" size="md">
          {title}
        </Title>
      </CardTitle>
      <CardBody>
        {items.length === 0 ? (
          none
        ) : (
          <ol className="ranking">
            {items.map((item) => (
              <li key={item.fqdn}>
                <span className="ranking-name">
                  <EngineLink fqdn={item.fqdn} />
                </span>
                <span className="ranking-facts">{children(item)}</span>
              </li>
            ))}
          </ol>
        )}
      </CardBody>
    </Card>
  );
}
