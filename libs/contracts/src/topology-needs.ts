import { BINDINGS, DEAD_EXCHANGE, deadLetterQueue, EXCHANGES, QUEUES } from './topology.js';

/** How a service uses the broker. */
export interface BrokerUse {
  /** The queues that it consumes. */
  readonly consumes?: readonly string[];
  /** The exchanges that it publishes events to. */
  readonly publishesTo?: readonly string[];
  /** The queues whose depth it reads. */
  readonly watches?: readonly string[];
}

export interface TopologyNames {
  readonly exchanges: readonly string[];
  readonly queues: readonly string[];
}

/**
 * What a service needs at the broker: the queues that it uses, the exchanges that lead to what it consumes, and where invalid or
 * unroutable messages go.
 */
export function topologyNeeds({
  consumes = [],
  publishesTo = [],
  watches = [],
}: BrokerUse): TopologyNames {
  const dead = consumes.map(deadLetterQueue).filter(isQueue);
  const topics = new Set([...publishesTo, ...consumes.flatMap(exchangesTo)]);
  const alternates = EXCHANGES.filter(({ name }) => topics.has(name)).flatMap(
    ({ alternateExchange }) => alternateExchange ?? [],
  );
  return {
    exchanges: unique([...topics, ...(dead.length > 0 ? [DEAD_EXCHANGE] : []), ...alternates]),
    queues: unique([...consumes, ...dead, ...watches, ...alternates.flatMap(queuesOf)]),
  };
}

function isQueue(name: string): boolean {
  return QUEUES.some((queue) => queue.name === name);
}

function exchangesTo(queue: string): string[] {
  return BINDINGS.filter((binding) => binding.queue === queue).map(({ exchange }) => exchange);
}

function queuesOf(exchange: string): string[] {
  return BINDINGS.filter((binding) => binding.exchange === exchange).map(({ queue }) => queue);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
