import { join } from 'node:path';
import { checkDestinations } from './check-destinations.js';
import { diskShortage } from './disk-shortage.js';
import { errorText } from '@backup-awareness/contracts/plain';
import {
  createProgress,
  EndedEarly,
  openRunDirectory,
  parentGone,
  replaceFile,
  StartFailure,
  type MainOptions,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { runInstallation, type Installation } from './installation.js';
import { readSettings, type StartSettings } from './settings.js';
import { startPage } from './start-page.js';

/** `npm start`: runs the one-machine installation until `signal` aborts. Resolves with the exit code. */
export async function main({ signal, parentPid }: MainOptions): Promise<number> {
  process.umask(0o077);
  const progress = createProgress();
  // npm stays for as long as we run; a shell that started us may exit.
  const npmPid = process.env['npm_lifecycle_event'] ? parentPid : undefined;
  const until = npmPid === undefined ? signal : AbortSignal.any([signal, parentGone(npmPid)]);
  let runDirectory: RunDirectory | undefined;
  let settings: StartSettings | undefined;
  try {
    settings = readSettings(process.env);
    await checkDestinations(settings, until);
    const opened = await openRunDirectory(settings.runDirectory, {
      ...(npmPid === undefined ? {} : { parentPid: npmPid }),
      signal: until,
      say: progress.line,
      onWait: (pid) => progress.line(`Process ${pid} is still stopping; waiting for it.`),
    });
    runDirectory = opened;
    const given = settings;
    await runInstallation(opened, given, progress, until, (installation) => {
      progress.line(startPage(describe(opened, given, installation), progress));
    });
    return 0;
  } catch (error) {
    if (until.aborted) return 0;
    const log = runDirectory && join(runDirectory.path, 'logs', 'start.log');
    process.stderr.write(`backup-awareness: ${explain(error, settings, log)}\n`);
    return 1;
  } finally {
    runDirectory?.close();
  }
}

function describe(
  runDirectory: RunDirectory,
  settings: StartSettings,
  { postgresql, rabbitmq, services, registration, takesTrial, console }: Installation,
): Parameters<typeof startPage>[0] {
  const local = (port: number): string => `127.0.0.1:${port}`;
  const place = (url = ''): string => new URL(url).host + new URL(url).pathname;
  return {
    settings,
    services,
    registration,
    takesTrial,
    link: console.link,
    runDirectory: runDirectory.path,
    database: postgresql
      ? [`PostgreSQL ${postgresql.version}`, local(postgresql.port)]
      : ['PostgreSQL', place(settings.databaseUrl)],
    broker: rabbitmq
      ? [`RabbitMQ ${rabbitmq.version}`, local(rabbitmq.port)]
      : ['RabbitMQ', place(settings.amqpUrl)],
  };
}

/** What a person needs to see; the stack goes to a log, if it can be written. */
function explain(error: unknown, settings: StartSettings | undefined, log: string | undefined) {
  const shortage = settings && diskShortage(settings.runDirectory);
  const message = errorText(error) + (shortage ? `\n${shortage}` : '');
  const isExpected = error instanceof StartFailure || error instanceof EndedEarly;
  if (log === undefined || isExpected) return message;
  try {
    replaceFile(log, `${error instanceof Error ? error.stack : message}\n`);
  } catch {
    return message;
  }
  return `${message} (more in ${log})`;
}
