import { readFileSync } from 'node:fs';
import { errorText } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import { openBrokerSession, type BrokerSession } from '../broker/broker-session.js';
import { EXIT, Failure, wrongUse } from '../failure.js';
import { flushSpool } from '../spool/flush-spool.js';
import { engineOrHost, openHost, ROOT_OPTION, warn, type Host } from '../host/host.js';
import { keepRecord } from '../spool/keep-record.js';
import type { SpoolRecord } from '../spool/record.js';
import {
  readDoneAt,
  readFqdn,
  readLogPath,
  readRunId,
  readScopes,
  readStatus,
} from './report-options.js';
import { reportEvents } from '../spool/report-events.js';
import { sendReport } from '../broker/send-report.js';
import { newRecordName } from '../spool/spool.js';
import { readStandardInput } from './standard-input.js';
import { within } from '../broker/within.js';
import { printOutcome } from '../spool/print-outcome.js';

export const help = `engine-backup-shim log-event --scope SCOPE… --status STATUS [options]
engine-backup-shim log-event SCOPE DONE_AT STATUS OUTPUT_MESSAGE FQDN LOG_PATH [options]

Reports that a backup has started, completed or failed. The report is written to disk first; if the broker cannot be reached, it is
sent later, and the exit code is still 0. If it cannot be written to disk, it is sent directly to the broker.

  --scope SCOPE            db, dwhdb, reportsdb, files, cinderlib, keycloak, grafanadb …; all means db and files; repeatable
  --status STATUS          -1 failed, 0 started, 1 completed
  --done-at TIME           RFC 3339 with an offset (now)
  --output-message TEXT    the message of the backup (none); --output-message-file FILE reads it from a file, - for standard input;
                           if that fails, the report says so
  --fqdn NAME              the engine (as configured, or oVirt's ENGINE_FQDN, or this host's name)
  --log-path PATH          the backup's log (none)
  --run-id ID              an identifier common to the reports of one run (none)
  --root DIR               another root`;

const OPTIONS = {
  ...ROOT_OPTION,
  scope: { type: 'string', multiple: true },
  'done-at': { type: 'string' },
  status: { type: 'string' },
  'output-message': { type: 'string' },
  'output-message-file': { type: 'string' },
  fqdn: { type: 'string' },
  'log-path': { type: 'string' },
  'run-id': { type: 'string' },
} as const;

/** The six parameters of oVirt's `LogEngineBackupEvent`, in its order. */
const POSITIONAL = ['scope', 'done-at', 'status', 'output-message', 'fqdn', 'log-path'] as const;

export async function run(args: readonly string[]): Promise<number> {
  const values = parseCommand(namedArguments(args), OPTIONS);
  const asked = await readRecordOf(values);
  const host = openHost(values.root);
  const { paths, configuration } = host;
  const record = asked.fqdn === '' ? { ...asked, fqdn: engineOrHost(host) } : asked;
  const timeoutMs = configuration.DELIVERY_TIMEOUT_S * 1000;
  // Connect while the record is being written.
  const session = openBrokerSession(configuration, timeoutMs);
  session.catch(() => undefined);
  const name = newRecordName(new Date());
  try {
    await keepRecord(paths, name, record);
  } catch (error) {
    return sendUnkept(host, name, record, session, error);
  }
  try {
    const outcome = await within(timeoutMs, flushSpool(paths, configuration, session));
    if (outcome) printOutcome(paths, outcome, true);
    else warn('the report is in the spool; another delivery is in progress');
  } catch (error) {
    warn(`the report is in the spool, and not yet delivered: ${errorText(error)}`);
  }
  return EXIT.fine;
}

/** @throws Failure if it cannot be delivered either: then the report is lost */
async function sendUnkept(
  { configuration }: Host,
  name: string,
  record: SpoolRecord,
  session: Promise<BrokerSession>,
  reason: unknown,
): Promise<number> {
  const unkept = `cannot write the report to the spool: ${errorText(reason)}`;
  try {
    await sendReport(configuration, reportEvents(name, record, ''), session);
  } catch (error) {
    throw new Failure(`${unkept}; cannot deliver it: ${errorText(error)}`);
  }
  warn(`${unkept}; it has been delivered`);
  return EXIT.fine;
}

/** Converts the six positional arguments, if they are used, to options. */
function namedArguments(args: readonly string[]): string[] {
  if (args.length === 0 || args[0]!.startsWith('-')) return [...args];
  if (args.length < POSITIONAL.length)
    throw wrongUse(`expected ${POSITIONAL.join(', ')} in this order, got ${args.length} of them`);
  const named = POSITIONAL.map((name, index) => `--${name}=${args[index]}`);
  return [...named, ...args.slice(POSITIONAL.length)];
}

type Values = ReturnType<typeof parseCommand<typeof OPTIONS>>;

async function readRecordOf(values: Values): Promise<SpoolRecord> {
  return {
    scopes: readScopes(values.scope ?? []),
    doneAt: readDoneAt(values['done-at']),
    status: readStatus(values.status),
    outputMessage: await readMessage(values),
    fqdn: readFqdn(values.fqdn),
    logPath: readLogPath(values['log-path']),
    runId: readRunId(values['run-id']),
    traceparent: process.env['TRACEPARENT'],
  };
}

async function readMessage(values: Values): Promise<string> {
  const file = values['output-message-file'];
  if (file === undefined) return values['output-message'] ?? '';
  if (values['output-message'] !== undefined)
    throw wrongUse('--output-message and --output-message-file exclude each other');
  try {
    const bytes = file === '-' ? await readStandardInput() : readFileSync(file);
    return bytes.toString('utf8');
  } catch (error) {
    // How the backup ended matters more than its message.
    const unread = `cannot read the output message: ${errorText(error)}`;
    warn(unread);
    return `[${unread}]`;
  }
}
