import type { Endpoints } from './endpoints.js';
import { errorText } from '@backup-awareness/contracts/plain';
import { startPatiently, type Progress, type RunDirectory } from '@backup-awareness/local-servers';
import { createService, type Service, type ServiceDefinition } from './services.js';
import { sideBySide } from './side-by-side.js';

export interface BringUpServices {
  readonly runDirectory: RunDirectory;
  readonly definitions: readonly ServiceDefinition[];
  /** Variables for every service. */
  readonly inherited: Readonly<Record<string, string>>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called when all are ready, and again whenever one has a new pid. */
  readonly onEndpoints: (services: Endpoints['services']) => void;
  /** Called for each service when it is ready. */
  readonly watch: (service: Service) => void;
  /** Called when a service cannot be started: the others then stop starting, too. */
  readonly giveUp: () => void;
}

/** Starts all services concurrently and resolves when all are ready. */
export async function bringUpServices(options: BringUpServices): Promise<readonly Service[]> {
  const { runDirectory, definitions, inherited, progress, signal } = options;
  const services: Service[] = [];
  let areAllReady = false;
  const publish = (): void => {
    // A service that is being restarted has no pid, and causes another call when it has one.
    const entries = services.flatMap(({ name, pid, url }) =>
      pid === undefined ? [] : [[name, { pid, url }] as const],
    );
    if (areAllReady && entries.length === services.length) {
      options.onEndpoints(Object.fromEntries(entries));
    }
  };
  /** What each service that asks others was given at its start. */
  const given = new Map<string, string>();
  const urlsFor = (asker: string): string =>
    services
      .filter(({ name }) => name !== asker)
      .map(({ name, url }) => `${name}=${url}`)
      .join(',');
  // A service that ends is started again by its watch.
  const restartAskers = (): void => {
    for (const service of services) {
      const urls = given.get(service.name);
      if (urls === undefined || urls === urlsFor(service.name)) continue;
      progress.line(`${service.name} is restarted: another service has a new address`);
      void service.stop().catch((error: unknown) => {
        progress.line(`${service.name} cannot be stopped: ${errorText(error)}`);
      });
    }
  };
  const onSpawn = (): void => {
    try {
      publish();
    } catch (error) {
      // The service itself runs.
      progress.line(`endpoints.json cannot be updated with the new process: ${errorText(error)}`);
    }
    if (areAllReady) restartAskers();
  };
  for (const definition of definitions) {
    const { name } = definition;
    const environment = (): Readonly<Record<string, string>> => {
      if (!definition.asksOthers) return inherited;
      given.set(name, urlsFor(name));
      return { ...inherited, SERVICE_URLS: urlsFor(name) };
    };
    services.push(await createService(runDirectory, definition, environment, onSpawn));
  }
  const start = async (service: Service, say: (text: string) => void): Promise<void> => {
    await startPatiently(service, { signal, say });
    options.watch(service);
  };
  const title = `Services ${services.map(({ name }) => name).join(', ')}`;
  await progress.step(title, async (note) => {
    await sideBySide(
      services.map((service) => start(service, note)),
      options.giveUp,
    );
  });
  areAllReady = true;
  publish();
  restartAskers();
  return services;
}
