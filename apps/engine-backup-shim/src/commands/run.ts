import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { errorText } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import { parseConfiguration } from '../host/configuration.js';
import { wrongUse } from '../failure.js';
import { engineOrHost, openHost, ROOT_OPTION, warn, type Host } from '../host/host.js';
import { keepRecord } from '../spool/keep-record.js';
import { endBy, passSignals } from '../run/pass-signals.js';
import { hostPaths, type HostPaths } from '../host/paths.js';
import { encodeRecord, type SpoolRecord } from '../spool/record.js';
import { readFqdn, readLogPath, readScopes } from './report-options.js';
import { runCommand, type Ending } from '../run/run-command.js';
import { newRecordName } from '../spool/spool.js';
import { uuidV7 } from '../spool/uuid-v7.js';

export const help = `engine-backup-shim run --scope SCOPE[,SCOPE…] [options] -- COMMAND [ARGUMENT…]

Runs your own backup tool and reports the run: started, and then completed if it exits with 0, otherwise failed, with the end of its
stderr as the message. Its input, output, signals and exit code are unchanged, and it is never delayed: reports are written to the
spool, and delivered in the background.

  --scope SCOPES       what is backed up, such as db,files; all means db,files; repeatable
  --fqdn NAME          the engine (as configured, or oVirt's ENGINE_FQDN, or this host's name)
  --log-path PATH      the backup's log (none)
  --root DIR           another root`;

const OPTIONS = {
  ...ROOT_OPTION,
  scope: { type: 'string', multiple: true },
  fqdn: { type: 'string' },
  'log-path': { type: 'string' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const dashes = args.indexOf('--');
  const values = parseCommand(dashes === -1 ? args : args.slice(0, dashes), OPTIONS);
  const command = dashes === -1 ? [] : args.slice(dashes + 1);
  if (command.length === 0) throw wrongUse('expected -- and a command after the options');
  const asked = {
    runId: uuidV7(Date.now(), randomBytes(10)),
    traceparent: process.env['TRACEPARENT'],
    fqdn: readFqdn(values.fqdn),
    logPath: readLogPath(values['log-path']),
    scopes: readScopes((values.scope ?? []).flatMap((text) => text.split(','))),
  };
  const host = openHostAnyway(values.root);
  const { paths } = host;
  const report = asked.fqdn === '' ? { ...asked, fqdn: engineOrHost(host) } : asked;
  const passTo = passSignals();
  await keepReport(paths, { ...report, status: 0, outputMessage: '' });
  const ending = await runCommand(command, passTo);
  await keepReport(paths, { ...report, ...outcome(ending) });
  if (ending.signal !== null) endBy(ending.signal);
  return ending.code;
}

function outcome({ code, signal, message }: Ending): Pick<SpoolRecord, 'status' | 'outputMessage'> {
  if (code === 0) return { status: 1, outputMessage: message };
  const how = signal === null ? `exit code ${code}` : `terminated by ${signal}`;
  return { status: -1, outputMessage: message === '' ? how : `${how}\n${message}` };
}

/** A wrong configuration, or one that this user may not read, affects only the delivery. */
function openHostAnyway(root: string | undefined): Host {
  try {
    return openHost(root);
  } catch (error) {
    warn(errorText(error));
    return { paths: hostPaths(root), configuration: parseConfiguration('').configuration };
  }
}

/** Never fails, so that the backup runs in any case. */
async function keepReport(paths: HostPaths, report: Omit<SpoolRecord, 'doneAt'>): Promise<void> {
  const now = new Date();
  const name = newRecordName(now);
  const record = { ...report, doneAt: now.toISOString() };
  try {
    await keepRecord(paths, name, record);
    startDetached(paths.root, ['flush', '--quiet']);
  } catch (error) {
    warn(
      `cannot write the report to the spool, sending it directly to the broker: ${errorText(error)}`,
    );
    startDetached(paths.root, ['deliver', '--name', name], encodeRecord(record));
  }
}

/** Delivers in a detached process, which outlives this one. It gets `input` on its standard input. */
function startDetached(root: string, command: readonly string[], input?: Buffer): void {
  const child = spawn(process.execPath, [process.argv[1]!, ...command, '--root', root], {
    detached: true,
    stdio: [input ? 'pipe' : 'ignore', 'ignore', 'ignore'],
    cwd: '/',
  });
  child.on('error', (error) => warn(`cannot start the delivery: ${errorText(error)}`));
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  child.unref();
}
