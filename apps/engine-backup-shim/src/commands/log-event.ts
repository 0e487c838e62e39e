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
import { tellOutcome } from '../spool/tell-outcome.js';

export const help = `engine-backup-shim log-event --scope SCOPE… --status STATUS [options]
engine-backup-shim log-event SCOPE DONE_AT STATUS OUTPUT_MESSAGE FQDN LOG_PATH [options]

Reports that a backup has started, completed or failed. The report is safe on disk before anything else is done; where the broker
does not take it now it is kept and sent later, and the exit code is 0 all the same. Where it cannot be kept it goes straight to the
broker.

  --scope SCOPE            of what: db, dwhdb, reportsdb, files, cinderlib, keycloak, grafanadb …; all is db and files; may be given again
  --status STATUS          -1 failed, 0 started, 1 completed
  --done-at TIME           RFC 3339 with an offset (now)
  --output-message TEXT    what the backup said (nothing); --output-message-file FILE reads it, from standard input for -;
                           where it cannot be read, the report says so
  --fqdn NAME              the engine (as configured, or oVirt's ENGINE_FQDN, or this host's name)
  --log-path PATH          the backup's log (none)
  --run-id ID              what the reports of one run have in common (none)
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

/** The six of `LogEngineBackupEvent`, in its order. */
const POSITIONAL = ['scope', 'done-at', 'status', 'output-message', 'fqdn', 'log-path'] as const;

export async function run(args: readonly string[]): Promise<number> {
  const values = parseCommand(namedArguments(args), OPTIONS);
  const asked = await readRecordOf(values);
  const host = openHost(values.root);
  const { paths, configuration } = host;
  const record = asked.fqdn === '' ? { ...asked, fqdn: engineOrHost(host) } : asked;
  const timeoutMs = configuration.DELIVERY_TIMEOUT_S * 1000;
  // The disk and the broker take their time side by side.
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
    if (outcome) tellOutcome(paths, outcome, true);
    else warn('the report is kept in the spool; another delivery is under way');
  } catch (error) {
    warn(`the report is kept in the spool, and not delivered yet: ${errorText(error)}`);
  }
  return EXIT.fine;
}

/** @throws Failure where it cannot be delivered either: then nobody has it */
async function sendUnkept(
  { configuration }: Host,
  name: string,
  record: SpoolRecord,
  session: Promise<BrokerSession>,
  reason: unknown,
): Promise<number> {
  const unkept = `the report cannot be kept: ${errorText(reason)}`;
  try {
    await sendReport(configuration, reportEvents(name, record, ''), session);
  } catch (error) {
    throw new Failure(`${unkept}; nor delivered: ${errorText(error)}`);
  }
  warn(`${unkept}; it has been delivered`);
  return EXIT.fine;
}

/** The six positional arguments, where the first words are they, as the options that they stand for. */
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
  };
}

async function readMessage(values: Values): Promise<string> {
  const file = values['output-message-file'];
  if (file === undefined) return values['output-message'] ?? '';
  if (values['output-message'] !== undefined)
    throw wrongUse('--output-message and --output-message-file cannot both be given');
  try {
    const bytes = file === '-' ? await readStandardInput() : readFileSync(file);
    return bytes.toString('utf8');
  } catch (error) {
    // How the backup has ended matters more than what it said.
    const unread = `the output message could not be read: ${errorText(error)}`;
    warn(unread);
    return `[${unread}]`;
  }
}
