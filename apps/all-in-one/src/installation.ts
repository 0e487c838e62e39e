import { bringUpServices } from './bring-up-services.js';
import { removeEndpoints, writeEndpoints } from './endpoints.js';
import { errorText } from '@backup-awareness/contracts/plain';
import {
  ensureRabbitmq,
  keepRunning,
  StartFailure,
  startInstalledRabbitmq,
  startPostgresql,
  stopRecorded,
  type Part,
  type Postgresql,
  type Progress,
  type Rabbitmq,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { firstCheck } from './first-check.js';
import { orAbort } from './or-abort.js';
import { openPreparation, thisHost, type HostRegistration, type Preparation } from './prepare.js';
import type { ConsoleAccess } from './preparing-functions.js';
import { serviceDefinitions, type Service } from './services.js';
import type { StartSettings } from './settings.js';
import { sideBySide } from './side-by-side.js';
import { removeTrialHost, trialCommandAnywhere, writeTrialHost } from './trial-host.js';

export interface Installation {
  /** The private ones; undefined where an existing one is used. */
  readonly postgresql: Postgresql | undefined;
  readonly rabbitmq: Rabbitmq | undefined;
  readonly services: readonly Service[];
  readonly registration: HostRegistration | undefined;
  /** Whether this host is monitored, and a report of it counts whoever sends it. */
  readonly takesTrial: boolean;
  readonly console: ConsoleAccess;
}

interface Context {
  readonly runDirectory: RunDirectory;
  readonly settings: StartSettings;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Restarts this part whenever it ends. */
  readonly watch: (part: Part) => void;
  /** Stops everything else that is being started. */
  readonly giveUp: () => void;
}

/**
 * Starts everything, calls `announce`, and keeps everything running until `signal` aborts. When this settles, nothing of it
 * runs any more.
 *
 * @throws why it could not start; never because of `signal`
 */
export async function runInstallation(
  runDirectory: RunDirectory,
  settings: StartSettings,
  progress: Progress,
  signal: AbortSignal,
  announce: (installation: Installation) => void,
): Promise<void> {
  removeEndpoints(runDirectory.path);
  removeTrialHost(runDirectory.path);
  await stopLeftovers(runDirectory, progress);

  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const watches: Promise<void>[] = [];
  try {
    const installation = await bringUp({
      runDirectory,
      settings,
      progress,
      signal: until,
      watch: (part) => watches.push(keepRunning(part, { signal: until, say: progress.line })),
      giveUp: () => ending.abort(),
    });
    announce(installation);
    await new Promise<void>((resolve) => {
      if (until.aborted) resolve();
      until.addEventListener('abort', () => resolve(), { once: true });
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    // First nothing is restarted any more, then everything is stopped.
    ending.abort();
    reportFailure(progress, () => runDirectory.announceStop());
    await Promise.allSettled(watches);
    reportFailure(progress, () => removeEndpoints(runDirectory.path));
    reportFailure(progress, () => removeTrialHost(runDirectory.path));
    await progress.step('Stopping', () => stopRecorded(runDirectory.processes), 'all stopped');
  }
}

/** A full or read-only disk does not keep us from stopping: what could not be written is reported. */
function reportFailure(progress: Progress, work: () => void): void {
  try {
    work();
  } catch (error) {
    progress.line(`While stopping: ${errorText(error)}`);
  }
}

async function bringUp(context: Context): Promise<Installation> {
  const { runDirectory, settings, progress, signal } = context;
  const { database, broker, console } = await bringUpServers(context);
  const { amqpUrl, managementUrl, brokerUrls } = broker;
  writeTrialHost(runDirectory.path, {
    fqdn: thisHost(),
    amqpUrl,
    certificates: settings.amqpUrl === undefined ? {} : settings.forServices,
  });
  const forConsole = {
    ...settings.forConsole,
    TRIAL_COMMAND: trialCommandAnywhere(runDirectory.path),
  };
  const services = await bringUpServices({
    ...context,
    definitions: serviceDefinitions(database.databaseUrls, brokerUrls, { ...settings, forConsole }),
    inherited: settings.forServices,
    onEndpoints: (entries) =>
      writeEndpoints(runDirectory.path, {
        amqpUrl,
        ...(managementUrl === undefined
          ? {}
          : {
              amqpManagementUrl: managementUrl,
              monitorAmqpUrl: brokerUrls.monitor,
              replayAmqpUrl: brokerUrls.replay,
            }),
        databaseUrl: database.databaseUrl,
        readerDatabaseUrl: database.databaseUrls.reader,
        consoleUrl: entries['console']!.url,
        consoleToken: console.token,
        services: entries,
      }),
  });
  await firstCheck({
    consoleUrl: services.find(({ name }) => name === 'console')!.url,
    token: console.token,
    signal,
    onWait: () => progress.line('Waiting for the first check, before which all reports are stored'),
  });
  const { postgresql, registration, takesTrial } = database;
  return { postgresql, rabbitmq: broker.rabbitmq, services, registration, takesTrial, console };
}

/** Both at the same time: the broker takes seconds to boot, and does not need the database. */
async function bringUpServers(context: Context) {
  const preparation = openPreparation(context.runDirectory, context.progress.line);
  try {
    const [database, broker] = await sideBySide(
      [bringUpDatabase(context, preparation), bringUpBroker(context, preparation)],
      context.giveUp,
    );
    // Last: the ten minutes of the link begin.
    const console = await orAbort(preparation.console(database.databaseUrl), context.signal);
    return { database, broker, console };
  } finally {
    await preparation.close();
  }
}

/** The database with its schema and roles, and this host registered as an engine. */
async function bringUpDatabase(context: Context, preparation: Preparation) {
  const { settings, progress, signal } = context;
  const given = settings.databaseUrl;
  const postgresql = given === undefined ? await bringUpPostgresql(context) : undefined;
  const databaseUrl = given ?? postgresql!.databaseUrl;
  const databaseUrls = await progress.step('Schema and database roles', async () => {
    return orAbort(preparation.database(databaseUrl), signal).catch(
      nameVariables(given && 'DATABASE_URL'),
    );
  });
  if (settings.forNotifier === undefined)
    await orAbort(preparation.noDestinations(databaseUrl), signal);
  const registration = await orAbort(preparation.thisHost(databaseUrl), signal);
  const takesTrial = await orAbort(preparation.takesTrial(databaseUrl), signal);
  return { postgresql, databaseUrl, databaseUrls, registration, takesTrial };
}

/** The broker with its topology and users. */
async function bringUpBroker(context: Context, preparation: Preparation) {
  const { settings, progress, signal } = context;
  const given = settings.amqpUrl;
  const rabbitmq = given === undefined ? await bringUpRabbitmq(context) : undefined;
  const amqpUrl = given ?? rabbitmq!.amqpUrl;
  const managementUrl = rabbitmq?.managementUrl ?? settings.managementUrl;
  const brokerUrls = await progress.step('Topology and broker users', async () => {
    return orAbort(preparation.broker(amqpUrl, managementUrl), signal).catch(
      nameVariables(
        given && (settings.managementUrl ? 'AMQP_URL, AMQP_MANAGEMENT_URL' : 'AMQP_URL'),
      ),
    );
  });
  return { rabbitmq, amqpUrl, managementUrl, brokerUrls };
}

async function bringUpPostgresql(context: Context): Promise<Postgresql> {
  const { runDirectory, progress, signal, watch } = context;
  const postgresql = await progress.step('PostgreSQL', (say) =>
    startPostgresql(runDirectory, { signal, say }),
  );
  watch(postgresql);
  return postgresql;
}

async function bringUpRabbitmq(context: Context): Promise<Rabbitmq> {
  const { runDirectory, progress, signal, watch } = context;
  const installation = await ensureRabbitmq(runDirectory, progress, signal);
  const rabbitmq = await progress.step('RabbitMQ', () =>
    startInstalledRabbitmq(runDirectory, installation, { signal }),
  );
  watch(rabbitmq.epmd);
  watch(rabbitmq.node);
  return rabbitmq;
}

/** Stops what a killed run left behind, so that nothing else has the data open. */
async function stopLeftovers({ processes }: RunDirectory, progress: Progress): Promise<void> {
  const names = processes.running().map(({ name }) => name);
  if (names.length === 0) return;
  const title = `Stopping processes of the last run (${names.join(', ')})`;
  await progress.step(title, () => stopRecorded(processes), 'done');
}

/** Names the variables that chose the server in its error. */
function nameVariables(names: string | undefined): (error: unknown) => never {
  return (error) => {
    if (!names) throw error;
    throw new StartFailure(`${names}: ${errorText(error)}`, { cause: error });
  };
}
