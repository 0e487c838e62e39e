import { describe } from '@backup-awareness/contracts/plain';
import type { SqlRunner } from '@backup-awareness/database/connection';
import type { Explained, ExplainedAt } from '@backup-awareness/overview/documents';
import { explainDecision, whatComesNext, verdictAt } from '@backup-awareness/overview/judgement';
import {
  readAlertsAt,
  readEngineEvidence,
  readEngineHistory,
  readLatestReports,
  readProductState,
  type HistoryBasis,
  type LatestReport,
} from '@backup-awareness/overview/state';
import type { Command } from 'commander';
import { readDatabase } from '../installation/database-session.js';
import { databaseToRead, findInstallation } from '../installation/find-installation.js';
import { readHistory } from '../installation/read-history.js';
import { WrongUse } from '../output/failure.js';
import { showExplainedAt } from '../output/show-explained-at.js';
import type { Cell } from '../output/table.js';
import { alertsInWords, maximumAgeInWords } from '../words/engine-in-words.js';
import { decisionInWords, factsInWords, UNDECIDED } from '../words/explanation-in-words.js';
import { localTime, localTimeAndDistance } from '../words/local-time.js';
import { unknownEngine } from '../words/unknown-engine.js';
import { verdictAtInWords } from '../words/verdict-at-in-words.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { requireFqdn } from './arguments/fqdn.js';
import { parseSince, SINCE_EXPECTED } from './arguments/parse-since.js';

interface ExplainOptions extends GlobalOptions {
  readonly at?: string;
}

export function addExplainCommand(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('explain the verdict on an engine: facts, decision and reason')
    .argument('<FQDN>', "the engine's host name")
    .option('--at <WHEN>', 'the verdict of that instant: a date and time, or 30m, 2h, 3d ago')
    .addHelpText(
      'after',
      '\n--at uses what had been received by that instant, with the settings and the monitoring of that instant. It reaches back as far as reports and the audit log are kept, and shows since when the past is known.\n\n' +
        'Example:\n  backup-awareness explain engine.example.com --at 2026-11-20T06:00:00Z',
    )
    .action((fqdn: string, _options, command: Command) =>
      explain(fqdn, command.optsWithGlobals(), context),
    );
}

async function explain(
  text: string,
  { json, at }: ExplainOptions,
  context: CommandContext,
): Promise<void> {
  const fqdn = requireFqdn(text);
  if (at !== undefined) return explainAt(fqdn, at, json, context);
  const { environment, out } = context;
  const url = databaseToRead(findInstallation(environment));
  const findings = await readDatabase(url, (sql) => find(sql, fqdn));
  if (json) {
    const { explainDocument } = await import('@backup-awareness/overview/documents');
    return out.json(explainDocument(findings, sentenceOf(findings)));
  }
  show(findings, out);
}

async function explainAt(
  fqdn: string,
  text: string,
  json: boolean | undefined,
  { environment, out }: CommandContext,
): Promise<void> {
  // This machine's clock only validates the text; the instant itself follows the database's clock.
  readAt(text, Date.now());
  const url = databaseToRead(findInstallation(environment));
  const found = await readHistory(url, (sql, basis) => findAt(sql, basis, fqdn, text));
  const sentence = verdictAtInWords(found.verdict);
  if (json) {
    const { explainAtDocument } = await import('@backup-awareness/overview/documents');
    return out.json(explainAtDocument(found, sentence));
  }
  showExplainedAt(found, sentence, out);
}

function readAt(text: string, now: number): number {
  const at = parseSince(text, new Date(now))?.getTime();
  if (at !== undefined) return at;
  throw new WrongUse(`--at: expected ${SINCE_EXPECTED}, got ${describe(text)}`);
}

async function findAt(
  sql: SqlRunner,
  basis: HistoryBasis,
  fqdn: string,
  text: string,
): Promise<ExplainedAt> {
  const at = readAt(text, basis.now);
  if (at > basis.now)
    throw new WrongUse(
      `--at: expected an instant in the past, got ${localTime(at)}; it is now ${localTime(basis.now)}. For the future, see backup-awareness forecast.`,
    );
  const known = await readEngineHistory(sql, basis, fqdn);
  if (!known) throw await unknownEngine(sql, fqdn);
  return {
    fqdn,
    verdict: verdictAt(known, basis, at),
    alerts: await readAlertsAt(sql, fqdn, at),
  };
}

async function find(sql: SqlRunner, fqdn: string): Promise<Explained> {
  const product = await readProductState(sql, fqdn);
  const [engine] = product.engines;
  if (!engine) throw await unknownEngine(sql, fqdn);
  const reports = await readLatestReports(sql, fqdn);
  const explanation = explainDecision(engine, product);
  return {
    product,
    engine,
    reports,
    explanation,
    next: whatComesNext(engine, product, explanation),
    evidence: await readEngineEvidence(sql, engine),
  };
}

function sentenceOf({ product, engine, explanation }: Explained): string {
  if (!explanation) return UNDECIDED;
  return `${factsInWords(explanation, engine, product.now)} ${decisionInWords(explanation)}`;
}

function show(findings: Explained, out: CommandContext['out']): void {
  const { product, engine, reports, explanation } = findings;
  const { now } = product;
  const at = (instant: number | null) =>
    instant === null ? 'never' : localTimeAndDistance(instant, now);
  out.line(engine.fqdn, 'bold');
  if (explanation) {
    const isWell = explanation.kind === 'fresh' || explanation.parameters.outcome === 'cleared';
    out.line(factsInWords(explanation, engine, now));
    out.line(decisionInWords(explanation), isWell ? 'green' : 'yellow');
  } else out.line(UNDECIDED);
  out.line();
  const rows: Cell[][] = [
    ['Monitoring since', at(engine.watchedSinceAt)],
    ...(engine.retiredAt === null ? [] : [['Retired', at(engine.retiredAt)]]),
    ['Last success of db', at(engine.lastDbSuccessAt)],
    ['Last success of files', at(engine.lastFilesSuccessAt)],
    ['Last full backup', at(engine.lastFullBackupAt)],
    ['Maximum age', maximumAgeInWords(engine)],
    ['Alert', alertsInWords(engine, now) || 'none'],
    ...engine.activeAlerts.map(({ message }): Cell[] => ['', message]),
    [
      'Current decision',
      explanation ? `${explanation.parameters.outcome} (${explanation.kind})` : 'none',
    ],
  ];
  out.rows(rows);
  out.line();
  if (reports.length === 0) return out.line('No backup has been reported yet.');
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

/** Whether the two times differ: the report was delivered late, or the host's clock was wrong. */
function differs({ done_at: doneAt, received_at: receivedAt }: LatestReport): boolean {
  return Math.abs(Date.parse(receivedAt) - Date.parse(doneAt)) > RECEIVED_AT_ONCE_MS;
}
