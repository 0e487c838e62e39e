import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@backup-awareness/testing';
import type { EngineHost, EngineHostOptions, Outcome } from '../stand-in/engine-host.js';

export type OnStart = (host: EngineHost, group: number) => Promise<void>;

/** Runs engine-backup with and without the drop-in, and expects the same outcome. @returns the host with the drop-in */
export async function runBoth(
  engineHost: (options: EngineHostOptions) => EngineHost,
  options: EngineHostOptions,
  args: string[],
  onStart?: OnStart,
): Promise<EngineHost> {
  const run = async (host: EngineHost): Promise<Outcome> => {
    const outcome = await host.run(args, onStart && ((group) => onStart(host, group)));
    // A surviving shell prints that its child was terminated by a signal.
    const stderr = outcome.signal ? '' : outcome.stderr.replaceAll(host.root, '');
    return { ...outcome, stderr };
  };
  const host = engineHost(options);
  // Without a user there are no notices to oVirt's database, which does not exist here.
  const without = engineHost({
    ...options,
    dropIn: false,
    dropIns: {},
    engine: { ...options.engine, ENGINE_DB_USER: '' },
  });
  expect(await run(host)).toEqual(await run(without));
  expect(existsSync(host.archive)).toBe(existsSync(without.archive));
  return host;
}

/** A tar that shows when it has started, and waits for the signal that ends it. */
export const waitingTar = `#!/bin/sh\nprintf '' >"\${0%/*}/waiting"\nexec sleep 600\n`;

export const failing = (name: string) => `#!/bin/sh\necho '${name} failed' >&2\nexit 1\n`;

/** Sends a signal to the whole process group once the program waits. */
export const killGroup =
  (signal: NodeJS.Signals): OnStart =>
  async (host, group) => {
    await eventually(() => expect(existsSync(join(host.root, 'programs', 'waiting'))).toBe(true));
    process.kill(-group, signal);
  };
