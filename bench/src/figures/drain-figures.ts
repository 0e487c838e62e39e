import { AUDIT_QUEUE, ENGINE_BACKUP_EXCHANGE, INGEST_QUEUE } from '@backup-awareness/contracts';
import { startProgram } from '../child-program.js';
import { timeToCopy } from '../copy-rows.js';
import { timeToFill } from '../drain.js';
import { atLeast, type Figure, type FigureGroup } from '../figure.js';
import { deleteQueue, emptyQueue, purgeQueues } from '../queues.js';
import { publishAll, publishReports, reportNumber } from '../reports.js';
import { clearTables, type Stage } from '../stage.js';
import { median, spread } from '../statistics.js';

const EVENTS = 50_000;
const ROUNDS = 3;
const BARE_QUEUE = 'bench.bare';
const PEER_QUEUE = 'bench.peer';

interface Drained {
  readonly name: 'ingest' | 'audit';
  readonly table: string;
  readonly target: number;
  /** Whether the plain service is measured beside it. */
  readonly hasPeer: boolean;
}

/** Events per second from a preloaded queue into the table, against the limit of broker and database. */
function drainGroup(drained: Drained): FigureGroup {
  return {
    name: drained.name,
    async measure(stage) {
      const rates: Record<'ours' | 'bare' | 'copy' | 'peer', number[]> = {
        ours: [],
        bare: [],
        copy: [],
        peer: [],
      };
      for (let round = 1; round <= ROUNDS; round++) {
        const rate = (work: () => Promise<number>) => async () => (EVENTS * 1_000) / (await work());
        const step = (what: string, work: () => Promise<number>) =>
          stage.progress.step(
            `${drained.name}, round ${round} of ${ROUNDS}: ${what}`,
            rate(work),
            'measured',
          );
        const last = await preload(stage);
        rates.bare.push(await step('bare consumer', () => drainBare(stage)));
        rates.ours.push(await step(drained.name, () => drainOurs(stage, drained, last)));
        rates.copy.push(
          await step('COPY', () =>
            timeToCopy(stage.databaseUrl, drained.table, () => clearTables(stage)),
          ),
        );
        if (drained.hasPeer) rates.peer.push(await step('peer', () => drainPeer(stage)));
      }
      await deleteQueue(stage.amqpUrl, BARE_QUEUE);
      return figuresOf(drained, rates);
    },
  };
}

function figuresOf(
  { name, target, hasPeer }: Drained,
  rates: Readonly<Record<'ours' | 'bare' | 'copy' | 'peer', readonly number[]>>,
): Figure[] {
  const ours = median(rates.ours);
  const d = median(rates.bare);
  const c = median(rates.copy);
  const note = `${spread(rates.ours)} against D ${spread(rates.bare)} and C ${spread(rates.copy)}`;
  const vsLimit: Figure = {
    name: `${name}_vs_limit`,
    what: 'events/s, against 1/(1/D+1/C)',
    ours,
    other: 1 / (1 / d + 1 / c),
    target: atLeast(target),
    note,
  };
  if (!hasPeer) return [vsLimit];
  const vsPeer: Figure = {
    name: `${name}_vs_peer`,
    what: 'events/s, against a plain Nest RMQ service with TypeORM save()',
    ours,
    other: median(rates.peer),
    target: atLeast(18),
    note: `${spread(rates.ours)} against ${spread(rates.peer)}`,
  };
  return [vsPeer, vsLimit];
}

/** Fills the queues of both services, which are stopped, and that of the bare consumer. */
async function preload(stage: Stage): Promise<string> {
  const { amqpUrl, progress } = stage;
  await clearTables(stage);
  await purgeQueues(amqpUrl, [INGEST_QUEUE, AUDIT_QUEUE]);
  await emptyQueue(amqpUrl, BARE_QUEUE, ENGINE_BACKUP_EXCHANGE);
  return progress.step(
    `Preloading ${EVENTS.toLocaleString('en')} events`,
    () => publishReports(amqpUrl, EVENTS),
    'preloaded',
  );
}

async function drainBare({ amqpUrl }: Stage): Promise<number> {
  const program = startProgram('bare-consumer', {
    AMQP_URL: amqpUrl,
    QUEUE: BARE_QUEUE,
    COUNT: String(EVENTS),
  });
  const ms = Number(await program.line());
  await program.end();
  return ms;
}

async function drainOurs(stage: Stage, { name, table }: Drained, last: string): Promise<number> {
  const service = stage.services[name];
  const filled = timeToFill(
    stage.database,
    table,
    EVENTS,
    `event_id = '${last}' AND fqdn = '${String(reportNumber(EVENTS - 1).data['fqdn'])}'`,
    stage.signal,
  );
  await service.start(stage.signal);
  const ms = await filled;
  await service.stop();
  return ms;
}

async function drainPeer({ amqpUrl, databaseUrl, database, signal }: Stage): Promise<number> {
  await database.query('DROP TABLE IF EXISTS peer_report');
  await emptyQueue(amqpUrl, PEER_QUEUE);
  let last = '';
  await publishAll(amqpUrl, EVENTS, (i) => {
    const { id, data, options } = reportNumber(i);
    last = id;
    const body = Buffer.from(JSON.stringify({ pattern: 'ENGINE_BACKUP', data: { id, ...data } }));
    return { exchange: '', routingKey: PEER_QUEUE, body, options };
  });
  const peer = startProgram('nest-service', {
    AMQP_URL: amqpUrl,
    DATABASE_URL: databaseUrl,
    QUEUE: PEER_QUEUE,
  });
  await untilTableIs(database, 'peer_report', signal);
  const where = `"eventId" = '${last}' AND fqdn = '${String(reportNumber(EVENTS - 1).data['fqdn'])}'`;
  const ms = await timeToFill(database, 'peer_report', EVENTS, where, signal);
  await peer.end();
  await deleteQueue(amqpUrl, PEER_QUEUE);
  return ms;
}

async function untilTableIs(
  database: Stage['database'],
  table: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { rows } = await database.query('SELECT to_regclass($1) IS NOT NULL AS is', [table]);
    if (rows[0].is) return;
    signal.throwIfAborted();
  }
}

export const ingest = drainGroup({
  name: 'ingest',
  table: 'engine_backup_log',
  target: 0.85,
  hasPeer: true,
});
export const audit = drainGroup({
  name: 'audit',
  table: 'audit_log',
  target: 0.7,
  hasPeer: false,
});
