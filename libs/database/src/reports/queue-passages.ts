import type { DataSource } from 'typeorm';

/** The number of arrivals in the queue, by routing key. */
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

/** Adds one arrival for each of these routing keys. */
async function recordPassages(
  dataSource: DataSource,
  queue: string,
  routingKeys: readonly string[],
): Promise<void> {
  // Sorted, or two replicas could deadlock.
  const keys = [...new Set(routingKeys)].sort();
  await dataSource.query(
    `INSERT INTO queue_passage AS it (queue, routing_key, arrivals, arrived_at)
     SELECT $1, key, 1, now() FROM unnest($2::text[]) AS key
     ON CONFLICT (queue, routing_key) DO UPDATE SET arrivals = it.arrivals + 1, arrived_at = now()`,
    [queue, keys],
  );
}

/** Counts the arrivals of probes, for all replicas. */
export function passagesIn(dataSource: DataSource) {
  return {
    read: (queue: string) => readPassages(dataSource, queue),
    record: (queue: string, routingKeys: readonly string[]) =>
      recordPassages(dataSource, queue, routingKeys),
  };
}
