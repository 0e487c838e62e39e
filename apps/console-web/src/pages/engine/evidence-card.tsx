import { Button, Card, CardBody, CardTitle, List, ListComponent } from '@patternfly/react-core';
import { Link } from 'react-router';
import { ForeignText } from '../../parts/foreign-text.js';
import { formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';
import { At, AuditLink, Evidence } from './evidence-parts.js';
import { successOf, type FullScope } from './evidence.js';
import type { EngineFacts } from './facts.js';
import type { ListedReport } from './use-engine-reports.js';

const { evidence: said } = words.engine;

interface Given {
  readonly facts: EngineFacts;
  readonly reports: readonly ListedReport[];
  readonly open: (report: ListedReport) => void;
}

/** The facts behind the verdict, numbered, each with the way to where it is recorded. */
export function EvidenceCard(given: Given) {
  const { facts } = given;
  const { fqdn, evidence } = facts;
  return (
    <Card>
      <CardTitle component="h2">{said.title}</CardTitle>
      <CardBody>
        <List component={ListComponent.ol} className="engine-evidence">
          <Success scope="db" {...given} />
          <Success scope="files" {...given} />
          <Evidence name={said.full}>
            {facts.lastFullAt ? <At at={facts.lastFullAt} /> : said.none}
          </Evidence>
          <Period facts={facts} />
          {facts.watchedSince && (
            <Evidence name={said.watched}>
              <At at={facts.watchedSince} />
              {evidence?.monitoring.added_by && <By who={evidence.monitoring.added_by} />}
              <AuditLink fqdn={fqdn} id={evidence?.monitoring.audit_log_id} />
            </Evidence>
          )}
          {facts.retiredAt && (
            <Evidence name={said.retired}>
              <At at={facts.retiredAt} />
            </Evidence>
          )}
          {evidence && (
            <Evidence name={said.check}>
              {evidence.last_check_at === null
                ? said.notChecked
                : said.checked(formatExact(evidence.last_check_at))}
              {evidence.next_check_at !== null &&
                `, ${said.nextCheck(formatExact(evidence.next_check_at))}`}
            </Evidence>
          )}
          {evidence?.alerts.map(({ alert_id: id, audit_log_id: row }) => (
            <Evidence key={id} name={said.alert}>
              <code>{id}</code>
              <AuditLink fqdn={fqdn} id={row} />
            </Evidence>
          ))}
          {facts.reason && (
            <Evidence name={said.decision}>
              <code>{facts.reason}</code>
            </Evidence>
          )}
        </List>
      </CardBody>
    </Card>
  );
}

function Success({ scope, facts, reports, open }: Given & { readonly scope: FullScope }) {
  const { at, row, report } = successOf(facts, scope, reports);
  const known = report ?? row;
  return (
    <Evidence name={said.success(scope)}>
      {at === null ? said.none : <At at={at} />}
      {known && (
        <>
          , {said.received(formatExact(known.received_at))},{' '}
          {known.reported_by === null ? said.byAnyone : <By who={known.reported_by} />}
        </>
      )}
      {report && (
        <>
          ; {said.countedBy[report.counted_by]}.{' '}
          <Button variant="link" isInline onClick={() => open(report)}>
            {said.row}
          </Button>
        </>
      )}
      <AuditLink fqdn={facts.fqdn} id={row?.audit_log_id} />
    </Evidence>
  );
}

function Period({ facts }: { readonly facts: EngineFacts }) {
  const period = facts.evidence?.period;
  return (
    <Evidence name={said.period}>
      {words.engine.period(facts.periodDays)}
      {facts.isOwnPeriod !== null && (
        <>
          , {facts.isOwnPeriod ? said.ownPeriod : <Link to="/settings">{said.generalPeriod}</Link>}
        </>
      )}
      {period?.changed_at && (
        <>
          , {said.changed} <At at={period.changed_at} />
        </>
      )}
      {period?.set_by && <By who={period.set_by} />}
      <AuditLink fqdn={facts.isOwnPeriod ? facts.fqdn : undefined} id={period?.audit_log_id} />
    </Evidence>
  );
}

const By = ({ who }: { readonly who: string }) => (
  <>
    {' '}
    {said.by} <ForeignText>{who}</ForeignText>
  </>
);
