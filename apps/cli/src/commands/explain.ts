import { describe, FQDN_EXPECTED, normalizeFqdn } from '@backup-awareness/contracts';
import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { readDatabase, type Sql } from '../installation/database-session.js';
import { alertsInWords, limitInWords } from '../words/engine-in-words.js';
import { explainDecision, type Explanation } from '../judgement/explain-decision.js';
import { WrongUse } from '../output/failure.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import { localTime, localTimeAndDistance } from '../words/local-time.js';
import { suggestion } from '../words/nearest-name.js';
import type { EngineSituation } from '../state/engine-situations.js';
import { readLatestReports, type LatestReport } from '../state/latest-reports.js';
import { readProductState, type ProductState } from '../state/product-state.js';
import { engineDocument } from '../documents/status-document.js';
import type { Cell } from '../output/table.js';

export function addExplainCommand(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('tell why an engine is as it is: facts, decision and reason')
    .argument('<FQDN>', "the engine's host name")
    .action((fqdn: string, _options, command: Command) =>
      explain(fqdn, command.optsWithGlobals(), context),
    );
}

interface Findings {
  readonly product: ProductState;
  readonly engine: EngineSituation;
  readonly reports: readonly LatestReport[];
  readonly explanation: Explanation | undefined;
}

async function explain(
  text: string,
  { json }: GlobalOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const fqdn = readFqdn(text);
  const url = requireDatabase(findInstallation(environment));
  const findings = await readDatabase(url, (sql) => find(sql, fqdn));
  if (json) return out.json(explanationDocument(findings));
  show(findings, out);
}

function readFqdn(text: string): string {
  const fqdn = normalizeFqdn(text);
  if (fqdn === undefined)
    throw new WrongUse(`fqdn: expected ${FQDN_EXPECTED}, got ${describe(text)}`);
  return fqdn;
}

async function find(sql: Sql, fqdn: string): Promise<Findings> {
  const product = await readProductState(sql, fqdn);
  const [engine] = product.engines;
  if (!engine) throw await unknownEngine(sql, fqdn);
  const reports = await readLatestReports(sql, fqdn);
  return { product, engine, reports, explanation: explainDecision(engine, product) };
}

/** What to tell whoever names an engine that there is not. */
export async function unknownEngine(sql: Sql, fqdn: string): Promise<WrongUse> {
  const rows: { fqdn: string }[] = await sql.query(
    'SELECT fqdn FROM engine ORDER BY fqdn LIMIT 10000',
  );
  const names = rows.map((row) => row.fqdn);
  return new WrongUse(
    `fqdn: expected an engine that is known (backup-awareness engines list shows them), got ${describe(fqdn)}${suggestion(fqdn, names)}`,
  );
}

const UNDECIDED = 'Nothing is decided: its facts or the settings cannot be read.';

function explanationDocument({ product, engine, reports, explanation }: Findings): unknown {
  const { outcome = null, reason = null, facts = null, decision = null } = explanation ?? {};
  return {
    ...engineDocument(engine, product),
    now: new Date(product.now).toISOString(),
    outcome,
    reason,
    explanation: facts === null ? UNDECIDED : `${facts} ${decision}`,
    latest_reports: reports,
  };
}

function show(findings: Findings, out: CommandContext['out']): void {
  const { product, engine, reports, explanation } = findings;
  const { now } = product;
  const at = (instant: number | null) =>
    instant === null ? 'never' : localTimeAndDistance(instant, now);
  out.line(engine.fqdn, 'bold');
  out.line(explanation ? explanation.facts : UNDECIDED);
  if (explanation) {
    const isWell = explanation.reason === 'fresh' || explanation.outcome === 'cleared';
    out.line(explanation.decision, isWell ? 'green' : 'yellow');
  }
  out.line();
  const rows: Cell[][] = [
    ['Watched since', at(engine.watchedSinceAt)],
    ...(engine.retiredAt === null ? [] : [['Retired', at(engine.retiredAt)]]),
    ['Last success of db', at(engine.lastDbSuccessAt)],
    ['Last success of files', at(engine.lastFilesSuccessAt)],
    ['Last full backup', at(engine.lastFullBackupAt)],
    ['Longest age allowed', limitInWords(engine)],
    ['Alert', alertsInWords(engine, now) || 'none'],
    ...engine.activeAlerts.map(({ message }): Cell[] => ['', message]),
    ['Decided now', explanation ? `${explanation.outcome} (${explanation.reason})` : 'not at all'],
  ];
  out.rows(rows);
  out.line();
  if (reports.length === 0) return out.line('No report of a backup has come yet.');
  out.line('Latest reports', 'bold');
  out.table(
    ['RECEIVED AT', 'DONE AT', 'SCOPE', 'STATUS', 'COUNTS AS OF', 'MESSAGE'],
    reports.map((report) => [
      localTime(report.received_at),
      differs(report) ? localTime(report.done_at) : '',
      report.scope,
      report.status === 'failed' ? { text: report.status, style: 'red' } : report.status,
      report.status === 'completed' ? localTime(report.counted_at) : '',
      report.output_message,
    ]),
  );
}

const RECEIVED_AT_ONCE_MS = 60_000;

/** Whether a report was done at another time than it was received: delivered late, or by a host whose clock was wrong. */
function differs({ done_at: doneAt, received_at: receivedAt }: LatestReport): boolean {
  return Math.abs(Date.parse(receivedAt) - Date.parse(doneAt)) > RECEIVED_AT_ONCE_MS;
}
