import type { SqlRunner } from '@backup-awareness/database/connection';
import type { Explained } from '@backup-awareness/overview/documents';
import { explainDecision } from '@backup-awareness/overview/judgement';
import {
  readLatestReports,
  readProductState,
  type LatestReport,
} from '@backup-awareness/overview/state';
import type { Command } from 'commander';
import { readDatabase } from '../installation/database-session.js';
import { databaseToRead, findInstallation } from '../installation/find-installation.js';
import type { Cell } from '../output/table.js';
import { alertsInWords, maximumAgeInWords } from '../words/engine-in-words.js';
import { decisionInWords, factsInWords, UNDECIDED } from '../words/explanation-in-words.js';
import { localTime, localTimeAndDistance } from '../words/local-time.js';
import { unknownEngine } from '../words/unknown-engine.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { requireFqdn } from './arguments/fqdn.js';

export function addExplainCommand(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('explain the verdict on an engine: facts, decision and reason')
    .argument('<FQDN>', "the engine's host name")
    .action((fqdn: string, _options, command: Command) =>
      explain(fqdn, command.optsWithGlobals(), context),
    );
}

async function explain(
  text: string,
  { json }: GlobalOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const fqdn = requireFqdn(text);
  const url = databaseToRead(findInstallation(environment));
  const findings = await readDatabase(url, (sql) => find(sql, fqdn));
  if (json) {
    const { explainDocument } = await import('@backup-awareness/overview/documents');
    return out.json(explainDocument(findings, sentenceOf(findings)));
  }
  show(findings, out);
}

async function find(sql: SqlRunner, fqdn: string): Promise<Explained> {
  const product = await readProductState(sql, fqdn);
  const [engine] = product.engines;
  if (!engine) throw await unknownEngine(sql, fqdn);
  const reports = await readLatestReports(sql, fqdn);
  return { product, engine, reports, explanation: explainDecision(engine, product) };
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
