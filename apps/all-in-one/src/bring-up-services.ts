import type { Endpoints } from './endpoints.js';
import {
  explainError,
  startPatiently,
  type Progress,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { createService, type Service, type ServiceDefinition } from './services.js';
import { sideBySide } from './side-by-side.js';

export interface BringUpServices {
  readonly runDirectory: RunDirectory;
  readonly definitions: readonly ServiceDefinition[];
  /** What every service finds in its environment. */
  readonly inherited: Readonly<Record<string, string>>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called when all are ready, and then whenever one has got another pid. */
  readonly onEndpoints: (services: Endpoints['services']) => void;
  /** Called for each one that is ready. */
  readonly watch: (service: Service) => void;
  /** Called when one cannot be started: nothing else shall be started any more. */
  readonly giveUp: () => void;
}

/** Starts all services at once and resolves when every one is ready. */
export async function bringUpServices(options: BringUpServices): Promise<readonly Service[]> {
  const { runDirectory, definitions, inherited, progress, signal } = options;
  const services: Service[] = [];
  let areAllReady = false;
  const publish = (): void => {
    // One that is just being started again has no pid to tell, and calls again when it has.
    const entries = services.flatMap(({ name, pid, url }) =>
      pid === undefined ? [] : [[name, { pid, url }] as const],
    );
    if (areAllReady && entries.length === services.length) {
      options.onEndpoints(Object.fromEntries(entries));
    }
  };
  const republish = (): void => {
    try {
      publish();
    } catch (error) {
      // The service itself is well.
      progress.line(`The new process cannot be told to others: ${explainError(error)}`);
    }
  };
  for (const definition of definitions) {
    const others = services.map(({ name, url }) => `${name}=${url}`).join(',');
    const environment = definition.asksOthers ? { ...inherited, SERVICE_URLS: others } : inherited;
    services.push(await createService(runDirectory, definition, environment, republish));
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
  return services;
}
