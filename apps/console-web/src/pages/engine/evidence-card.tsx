import {
  Button,
  Card,
  CardBody,
  CardTitle,
  List,
  ListComponent,
  ListItem,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useAnswer } from '../../api/use-answer.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { Instant } from '../../parts/instant.js';
import { formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';
import { auditAddress, successReport, type FullScope } from './evidence.js';
import type { EngineFacts } from './facts.js';
import type { ListedReport } from './use-engine-reports.js';

const { evidence: said } = words.engine;

interface Given {
  readonly facts: EngineFacts;
  readonly reports: readonly ListedReport[];
  /** Opens a report. */
  readonly open: (report: ListedReport) => void;
}

/** The facts behind the verdict, numbered, each with the way to where it is recorded. */
export function EvidenceCard(given: Given) {
  const { facts } = given;
  const { data: overview } = useAnswer('/overview');
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{said.title}</CardTitle>
      <CardBody>
        <List component={ListComponent.ol} className="engine-evidence">
          <Success scope="db" {...given} />
          <Success scope="files" {...given} />
          <Item name={said.full}>
            {facts.lastFullAt ? <At at={facts.lastFullAt} /> : said.none}
          </Item>
          <Item name={said.period}>
            {words.engine.period(facts.periodDays)}
            {facts.isOwnPeriod !== null &&
              `, ${facts.isOwnPeriod ? said.ownPeriod : said.generalPeriod}`}
            . <Link to="/settings">{said.settings}</Link>
          </Item>
          {facts.watchedSince && (
            <Item name={said.watched}>
              <At at={facts.watchedSince} />
            </Item>
          )}
          {facts.retiredAt && (
            <Item name={said.retired}>
              <At at={facts.retiredAt} />
            </Item>
          )}
          {!facts.isPast && overview && (
            <Item name={said.check}>
              {overview.last_check_at === null ? (
                said.notChecked
              ) : (
                <>
                  {said.checked(
                    formatExact(overview.last_check_at),
                    overview.next_check_at ? formatExact(overview.next_check_at) : '–',
                  )}
                </>
              )}
            </Item>
          )}
          {facts.reason && (
            <Item name={said.decision}>
              <code>{facts.reason}</code>
            </Item>
          )}
        </List>
      </CardBody>
    </Card>
  );
}

function Success({ scope, facts, reports, open }: Given & { readonly scope: FullScope }) {
  const at = scope === 'db' ? facts.lastDbAt : facts.lastFilesAt;
  const report = successReport(facts, scope, reports);
  return (
    <Item name={said.success(scope)}>
      {at === null ? (
        said.none
      ) : (
        <>
          <At at={at} />
          {report && (
            <>
              , {said.received(formatExact(report.received_at))},{' '}
              {report.reported_by === null ? (
                said.byAnyone
              ) : (
                <ForeignText>{said.by(report.reported_by)}</ForeignText>
              )}
              ; {said.countedBy[report.counted_by]}
            </>
          )}
          .{' '}
          {report ? (
            <Button variant="link" isInline onClick={() => open(report)}>
              {said.row}
            </Button>
          ) : (
            <Link to={auditAddress(visibleText(facts.fqdn), at)}>{said.audit}</Link>
          )}
        </>
      )}
    </Item>
  );
}

function Item({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <ListItem>
      <strong>{name}:</strong> {children}
    </ListItem>
  );
}

function At({ at }: { readonly at: string }) {
  return (
    <>
      {formatExact(at)} (<Instant at={at} />)
    </>
  );
}
