import type { ServiceReadiness } from '@backup-awareness/overview/surroundings';

/** Remembers when each service was last ready. */
export interface ServiceWatch {
  /** Asks all services. */
  ask(): Promise<readonly ServiceReadiness[]>;
  /** Those that have not been ready for so long, with the reason. */
  unreadyFor(ms: number): readonly ServiceReadiness[];
}

/**
 * @param services their URLs by name
 * @param askAll never throws
 * @param clock a monotonic one, in milliseconds
 */
export function serviceWatch(
  services: Readonly<Record<string, string>>,
  askAll: (services: Readonly<Record<string, string>>) => Promise<readonly ServiceReadiness[]>,
  clock: () => number = () => performance.now(),
): ServiceWatch {
  const startedAt = clock();
  const readyAt = new Map<string, number>();
  let latest: readonly ServiceReadiness[] = [];
  return {
    async ask() {
      latest = await askAll(services);
      for (const { name, unready } of latest) if (unready === null) readyAt.set(name, clock());
      return latest;
    },
    unreadyFor: (ms) =>
      Object.entries(services)
        .filter(([name]) => clock() - (readyAt.get(name) ?? startedAt) > ms)
        .map(([name, url]) => ({ name, url, unready: whyUnready(latest, name) })),
  };
}

function whyUnready(latest: readonly ServiceReadiness[], name: string) {
  const found = latest.find((one) => one.name === name)?.unready;
  return found ?? { kind: 'no_answer' as const, error: 'it could not be asked' };
}
