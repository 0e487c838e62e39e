import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, runPgbouncer, type RunningPgbouncer } from '@backup-awareness/testing';
import { ensureReady } from '../installation/ensure-ready.js';
import { SERVICES, type Installation, type ServiceName } from '../installation/installation.js';
import { environmentOf } from '../installation/rabbitmqctl.js';
import { ensureRuns, startReplica, type Replica } from '../installation/replica.js';
import { withServers } from '../installation/standby.js';
import { seconds } from '../verdict.js';
import { wholeQueuesLeader } from './cluster.js';
import { recovered, restarted } from './recovery.js';
import type { Made, Trouble, TroubleContext } from './trouble.js';

const SCALED: readonly ServiceName[] = [...SERVICES, 'notifier'];
const BESIDE = 3;
const PATIENCE_MS = 300_000;

/**
 * Four of each service: one of `npm start`, with the servers of the database in its URL, and three behind a PgBouncer for each of
 * them. One is killed every ten seconds. Meanwhile the leader of ingest's queue is killed and restarted, the primary of the database is
 * killed, and the former one comes back as the standby.
 */
export const scaling: Trouble = {
  name: 'scaling',
  what: 'four of each service, one killed every 10 s; fail-over',
  installation: 'scaled',
  times: { full: 30, short: 0 },
  async make(context) {
    const { installation, times } = context;
    const replicas: Replica[] = [];
    const poolers: RunningPgbouncer[] = [];
    try {
      await startReplicas(installation, replicas, poolers);
      const recoveriesMs: number[] = [];
      const notes: string[] = [];
      const at = (share: number): number => Math.ceil(times * share);
      for (let time = 1; time <= times; time += 1) {
        const startedAtMs = performance.now();
        recoveriesMs.push(await killOne(context, replicas));
        if (time === at(1 / 4)) notes.push(await killNode(context));
        if (time === at(1 / 2)) notes.push(await failOver(context, replicas));
        if (time === at(3 / 4)) notes.push(await rejoin(context));
        await sleep(Math.max(0, startedAtMs + 10_000 - performance.now()));
      }
      await allReplicasReady(replicas);
      await recovered(context);
      return { times, recoveriesMs, notes } satisfies Made;
    } finally {
      await Promise.all(replicas.map(({ process: one }) => ended(one)));
      await Promise.all(poolers.map((pooler) => pooler.stop()));
    }
  },
};

async function startReplicas(
  installation: Installation,
  replicas: Replica[],
  poolers: RunningPgbouncer[],
): Promise<void> {
  const urls = SCALED.map((name) => databaseUrlOf(installation, name));
  for (const port of installation.standby!.ports) poolers.push(await runPgbouncer(port, urls));
  const ports = poolers.map(({ port }) => port);
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

async function killNode({ installation, load }: TroubleContext): Promise<string> {
  const leader = await eventually(() => wholeQueuesLeader(installation.cluster!), PATIENCE_MS);
  leader.kill();
  await leader.ended();
  const recoveryMs = await recovered({ installation, load });
  await leader.start();
  return `the leader of ingest's queue killed: ${seconds(recoveryMs)}`;
}

async function failOver(
  { installation, load }: TroubleContext,
  replicas: readonly Replica[],
): Promise<string> {
  const startedAtMs = performance.now();
  await installation.standby!.failOver();
  await recovered({ installation, load });
  const firstMs = performance.now() - startedAtMs;
  await allReplicasReady(replicas);
  const allMs = performance.now() - startedAtMs;
  return `fail-over of the database: reports are stored after ${seconds(firstMs)}, all services ready after ${seconds(allMs)}`;
}

async function rejoin({ installation, load }: TroubleContext): Promise<string> {
  await installation.standby!.rejoin();
  return `the former primary is the standby: ${seconds(await recovered({ installation, load }))}`;
}

async function allReplicasReady(replicas: readonly Replica[]): Promise<void> {
  await eventually(async () => {
    for (const replica of replicas) {
      ensureRuns(replica);
      await ensureReady(replica.service, replica.url);
    }
  }, PATIENCE_MS);
}

async function ended(child: Replica['process']): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
