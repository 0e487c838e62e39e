import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadPlan } from './load-plan.js';
import { readSpool, type SpoolReader } from './spool.js';

/** A publisher as its own process, and its spool: the record of what the broker confirmed. */
export interface Load {
  readonly plan: LoadPlan;
  /** The current content of its spool. */
  spool(): SpoolReader;
  /** Sends SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  /** Restarts a killed publisher, which continues with what is not confirmed. */
  resume(): void;
  /** Resolves when all of a counted load is confirmed. @throws where the publisher ends otherwise */
  delivered(): Promise<void>;
  /** Stops making messages, and resolves when all that were made are confirmed. @throws where they never are */
  finish(): Promise<void>;
  /** Messages confirmed per second, from the first one made until the end. */
  perSecond(): number;
}

const PROGRAM = fileURLToPath(new URL('main.js', import.meta.url));
const DELIVERED_WITHIN_MS = 120_000;

export function startLoad(plan: LoadPlan, amqpUrl: string, parent: string): Load {
  const folder = join(parent, plan.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const spawnPublisher = (): ChildProcess =>
    spawn(process.execPath, [PROGRAM], {
      env: { CHAOS_LOAD: JSON.stringify({ plan, amqpUrl, folder }) },
      stdio: ['pipe', 'inherit', 'inherit'],
    });
  let endedAtMs: number | undefined;
  const reader = readSpool(folder);
  let child = spawnPublisher();
  const ended = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  const delivered = async (): Promise<void> => {
    await ended();
    endedAtMs ??= Date.now();
    if (child.exitCode !== 0)
      throw new Error(`the publisher ended (${child.signalCode ?? `exit ${child.exitCode}`})`);
  };
  const spool = (): SpoolReader => {
    reader.refresh();
    return reader;
  };
  return {
    plan,
    spool,
    kill: async () => {
      child.kill('SIGKILL');
      await ended();
    },
    resume: () => {
      child = spawnPublisher();
    },
    delivered,
    finish: async () => {
      endedAtMs ??= Date.now();
      child.kill('SIGTERM');
      const cap = setTimeout(() => child.kill('SIGKILL'), DELIVERED_WITHIN_MS);
      await delivered().finally(() => clearTimeout(cap));
    },
    perSecond: () => {
      const { madeAt, confirmed } = spool();
      const endMs = endedAtMs ?? Date.now();
      return (confirmed.size * 1_000) / (endMs - (madeAt[0] ?? endMs) + 1);
    },
  };
}
