import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@backup-awareness/testing';
import { SERVICES, type Installation, type ServiceName } from '../installation/installation.js';
import { startPgbouncers } from '../installation/pgbouncer.js';
import { environmentOf } from '../installation/rabbitmqctl.js';
import { startReplica, type Replica } from '../installation/replica.js';
import { withServers } from '../installation/standby.js';
import { seconds } from '../verdict.js';
import { recovered, restarted } from './recovery.js';
import type { Made, Trouble, TroubleContext } from './trouble.js';

const SCALED: readonly ServiceName[] = [...SERVICES, 'notifier'];
const BESIDE = 3;
const PATIENCE_MS = 120_000;

/**
 * Four of each service: one of `npm start`, with the servers of the database in its URL, and three behind PgBouncer. One of them
 * is killed every ten seconds. Half-way, a node of the broker is killed, and later the primary of the database.
 */
export const scaling: Trouble = {
  name: 'scaling',
  what: 'four of each service, one killed every 10 s; fail-over',
  installation: 'scaled',
  times: { full: 30, short: 0 },
  async make(context) {
    const { installation, times } = context;
    const replicas: Replica[] = [];
    try {
      await startReplicas(installation, replicas);
      const recoveriesMs: number[] = [];
      const notes: string[] = [];
      for (let time = 1; time <= times; time += 1) {
        const startedAtMs = performance.now();
        recoveriesMs.push(await killOne(context, replicas));
        if (time === Math.ceil(times / 3))
          notes.push(`a node of the broker killed: ${seconds(await killNode(context))}`);
        if (time === Math.ceil((times * 2) / 3))
          notes.push(`fail-over of the database: ${seconds(await failOver(context))}`);
        await sleep(Math.max(0, startedAtMs + 10_000 - performance.now()));
      }
      await allReplicasReady(replicas);
      await recovered(context);
      return { times, recoveriesMs, notes } satisfies Made;
    } finally {
      await Promise.all(replicas.map(({ process: one }) => ended(one)));
    }
  },
};

async function startReplicas(installation: Installation, replicas: Replica[]): Promise<void> {
  const urls = SCALED.map((name) => databaseUrlOf(installation, name));
  const { standby, runDirectory } = installation;
  if (!standby || !runDirectory) throw new Error('there is no standby');
  const ports = await startPgbouncers(runDirectory, standby, urls);
  for (const [i, service] of SCALED.entries())
    for (let count = 0; count < BESIDE; count += 1)
      replicas.push(
        await startReplica(installation, service, { DATABASE_URL: withServers(urls[i]!, ports) }),
      );
  await allReplicasReady(replicas);
}

function databaseUrlOf(installation: Installation, service: ServiceName): string {
  return environmentOf(installation.pidOf(service))['DATABASE_URL']!;
}

/** @returns the time until its successor is ready, in ms */
async function killOne(
  { installation, draws }: TroubleContext,
  replicas: Replica[],
): Promise<number> {
  const service = draws.oneOf(SCALED);
  const ones = replicas.filter((one) => one.service === service);
  const victim = draws.integer(0, BESIDE);
  const killedAtMs = performance.now();
  const replica = ones[victim];
  if (replica) {
    const environment = environmentOf(replica.process.pid!);
    replica.process.kill('SIGKILL');
    await once(replica.process, 'exit');
    const next = await startReplica(installation, service, {
      DATABASE_URL: environment['DATABASE_URL']!,
    });
    replicas.splice(replicas.indexOf(replica), 1, next);
    await allReplicasReady([next]);
  } else {
    const pid = installation.pidOf(service);
    process.kill(pid, 'SIGKILL');
    await restarted(installation, service, pid);
  }
  return performance.now() - killedAtMs;
}

async function killNode({ installation, load, draws }: TroubleContext): Promise<number> {
  const node = draws.oneOf(installation.cluster!.nodes);
  node.kill();
  await node.ended();
  const recoveryMs = await recovered({ installation, load });
  await node.start();
  return recoveryMs;
}

/** Kills the primary, promotes the standby as a fail-over manager would, and waits for the next report to be stored. */
async function failOver({ installation, load }: TroubleContext): Promise<number> {
  const { primary, promote } = installation.standby!;
  const startedAtMs = performance.now();
  primary.kill();
  await primary.ended();
  await promote();
  await recovered({ installation, load });
  return performance.now() - startedAtMs;
}

async function allReplicasReady(replicas: readonly Replica[]): Promise<void> {
  await eventually(async () => {
    for (const { service, url } of replicas) {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      if (answer.status !== 200) throw new Error(`${service} ${url}: ${await answer.text()}`);
    }
  }, PATIENCE_MS);
}

async function ended(child: Replica['process']): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
