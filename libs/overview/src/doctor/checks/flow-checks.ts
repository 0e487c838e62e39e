import {
  ACTIVE_ALERTS_QUEUE,
  APPLY_TOPOLOGY,
  AUDIT_QUEUE,
  INGEST_QUEUE,
  SETTINGS_QUEUE,
  UNROUTED_QUEUE,
} from '@backup-awareness/contracts/plain';
import { finding } from '../../judgement/findings.js';
import {
  DESTINATION_MAY_FAIL_MS,
  failingDestinations,
  fillingQueues,
  outboxFindings,
  unservedDestinations,
  restoredFindings,
} from '../../judgement/judge-product.js';
import { QUEUE_PURPOSES, QUEUES, type QueueDepths } from '../../surroundings/broker.js';
import { failed, ok, skipped, warning, type Observation } from '../check.js';
import { fact } from '../facts.js';
import type { BrokerLook } from '../looks/broker-look.js';
import type { Looks } from '../looks/looks.js';
import { readUnstoredReports, type UnstoredReports } from '../looks/unstored-reports.js';
import { command, quoted } from '../remedy.js';

/** Who consumes each queue. */
const CONSUMERS: Readonly<Record<string, string>> = {
  [INGEST_QUEUE]: 'ingest',
  [AUDIT_QUEUE]: 'audit',
  [SETTINGS_QUEUE]: 'ingest',
  [ACTIVE_ALERTS_QUEUE]: 'freshness-checker',
};

/** As many as ingest stores in a few seconds: more are not a burst, but a service that does not keep up. */
const BACKLOG_TO_WARN = 10_000;

/** Every queue is consumed, no messages pile up, and ingest has what audit has. */
export async function checkLag(looks: Looks): Promise<Observation[]> {
  const { queues } = await looks.broker();
  // While reports wait for ingest, it is no wonder that audit has more.
  const isStored = queues[INGEST_QUEUE]?.messages === 0;
  const unstored = isStored ? await looks.readDatabase(readUnstoredReports).catch(noReports) : [];
  return [
    ...unstored.map((one) => warning(fact('reports_unstored', one), { kind: 'report_again' })),
    ...judgeLag({ queues }),
  ];
}

/** The check `database` says why it cannot be read. */
function noReports(): UnstoredReports[] {
  return [];
}

export function judgeLag({ queues }: Pick<BrokerLook, 'queues'>): Observation[] {
  const observations = Object.entries(CONSUMERS).flatMap(([queue, service]) => {
    const depth = queues[queue];
    const start = { kind: 'start_service', name: service } as const;
    if (!depth) return [missingQueue(queue)];
    const { messages, consumers } = depth;
    if (consumers === 0) return [failed(fact('queue_unconsumed', { queue, messages }), start)];
    return messages > BACKLOG_TO_WARN
      ? [
          warning(fact('queue_behind', { queue, messages }), {
            kind: 'see_check',
            check: 'services',
          }),
        ]
      : [];
  });
  const depths = Object.keys(CONSUMERS).map((queue) => queues[queue]?.messages ?? 0);
  const messages = depths.reduce((sum, one) => sum + one, 0);
  return [
    ...observations,
    ok(fact('queues_consumed', { queues: Object.keys(CONSUMERS), messages })),
  ];
}

function missingQueue(queue: string): Observation {
  return failed(finding('queue_missing', { queue }, {}), command(APPLY_TOPOLOGY));
}

/** Events are published soon, none was set aside, and the database is no older copy of the one that published before. */
export async function checkOutbox(looks: Looks): Promise<Observation[]> {
  const product = await looks.product();
  const findings = outboxFindings(product);
  const restored = restoredFindings(product).map((one) => warning(one, { kind: 'see_reason' }));
  if (findings.length === 0)
    return [ok(fact('outbox_flows', { pending: product.outbox.waiting })), ...restored];
  const held = await Promise.all(
    findings.map(async (one) =>
      one.kind === 'events_set_aside'
        ? failed(one, await retryAll(looks))
        : failed(one, { kind: 'see_check', check: 'services' }),
    ),
  );
  return [...held, ...restored];
}

const IDS_MAX = 10;

/** A command for each event that was set aside; the ids of a few, since one may not see them without the right. */
async function retryAll(looks: Looks) {
  const { listSetAside } = await import('@backup-awareness/database/lists');
  const list = await looks.readDatabase(listSetAside).catch(() => []);
  if (list.length === 0 || list.length > IDS_MAX) return command('backup-awareness outbox list');
  const commands = list.map(({ id }) => `backup-awareness outbox retry ${quoted(id)}`);
  return command(commands.join(' && '));
}

/** Nothing was refused for good, by our services or by a destination of notifications. */
export async function checkDeadLetters(looks: Looks): Promise<Observation[]> {
  const [broker, { undelivered }] = await Promise.all([looks.broker(), looks.product()]);
  const depths = depthsOf(broker);
  const count = undelivered + (depths.ingestDead ?? 0) + (depths.auditDead ?? 0);
  const queues = [
    ...(depths.ingestDead ? ['ingest'] : []),
    ...(depths.auditDead ? ['audit'] : []),
    ...(undelivered > 0 ? ['webhook', 'ovirt'] : []),
  ];
  return [
    ...filling(depths, [QUEUES.ingestDead, QUEUES.auditDead]),
    ...missing(depths, ['ingestDead', 'auditDead']),
    ...(count > 0
      ? [
          warning(
            finding('dead_letters', { count }, {}),
            command(
              queues
                .map((queue) => `backup-awareness dead-letters replay --all --queue ${queue}`)
                .join(' && '),
            ),
          ),
        ]
      : [ok(fact('no_dead_letters', {}))]),
  ];
}

/** Every message found a queue. */
export async function checkUnrouted(looks: Looks): Promise<Observation[]> {
  const depths = depthsOf(await looks.broker());
  const count = depths.unrouted ?? 0;
  return [
    ...filling(depths, [UNROUTED_QUEUE]),
    ...missing(depths, ['unrouted']),
    ...(count > 0
      ? [
          warning(
            finding('unrouted', { count }, {}),
            command('backup-awareness dead-letters replay --all --queue unrouted'),
          ),
        ]
      : [ok(fact('none_unrouted', {}))]),
  ];
}

function depthsOf({ queues }: BrokerLook): QueueDepths {
  const depths = QUEUE_PURPOSES.map((purpose) => [
    purpose,
    queues[QUEUES[purpose]]?.messages ?? null,
  ]);
  return Object.fromEntries(depths) as QueueDepths;
}

function filling(depths: QueueDepths, queues: readonly string[]): Observation[] {
  return fillingQueues(depths)
    .filter(({ parameters }) => queues.includes(parameters.queue))
    .map((one) => failed(one, command('backup-awareness dead-letters list')));
}

function missing(depths: QueueDepths, purposes: readonly (keyof QueueDepths)[]): Observation[] {
  return purposes
    .filter((purpose) => depths[purpose] === null)
    .map((purpose) => missingQueue(QUEUES[purpose]));
}

/** A notifier serves every destination of notifications, and every destination was told. */
export async function checkNotifications(looks: Looks): Promise<Observation[]> {
  const product = await looks.product();
  if (product.destinations.length === 0) return [skipped(fact('no_destinations', {}))];
  return [
    ...unservedDestinations(product).map((one) => failed(one, { kind: 'start_notifier' })),
    ...failingDestinations(product).map((one) => {
      const judge =
        product.now - one.instants.failingSince >= DESTINATION_MAY_FAIL_MS ? failed : warning;
      return judge(one, { kind: 'see_destination', destination: one.parameters.destination });
    }),
    ok(
      fact('destinations_told', {
        names: product.destinations.map(({ destination }) => destination),
      }),
    ),
  ];
}
