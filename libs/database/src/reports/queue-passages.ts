import type { DataSource } from 'typeorm';

/** How often something has arrived in the queue so far, by routing key. */
async function readPassages(
  dataSource: DataSource,
  queue: string,
): Promise<ReadonlyMap<string, number>> {
  const rows: { routing_key: string; arrivals: string }[] = await dataSource.query(
    'SELECT routing_key, arrivals FROM queue_passage WHERE queue = $1',
    [queue],
  );
  return new Map(rows.map(({ routing_key, arrivals }) => [routing_key, Number(arrivals)]));
}

/** Counts one arrival more for each of these routing keys. */
async function recordPassages(
  dataSource: DataSource,
  queue: string,
  routingKeys: readonly string[],
): Promise<void> {
  // In one order, or two replicas could lock each other out.
  const keys = [...new Set(routingKeys)].sort();
  await dataSource.query(
    `INSERT INTO queue_passage AS it (queue, routing_key, arrivals, arrived_at)
     SELECT $1, key, 1, now() FROM unnest($2::text[]) AS key
     ON CONFLICT (queue, routing_key) DO UPDATE SET arrivals = it.arrivals + 1, arrived_at = now()`,
    [queue, keys],
  );
}

/** Where the arrivals of probes are counted, for all replicas. */
export function passagesIn(dataSource: DataSource) {
  return {
    read: (queue: string) => readPassages(dataSource, queue),
    record: (queue: string, routingKeys: readonly string[]) =>
      recordPassages(dataSource, queue, routingKeys),
  };
}
