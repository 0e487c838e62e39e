import { describeDifferences } from '@backup-awareness/contracts/plain';
import type { BrokerView, TopologyView, Unready } from '@backup-awareness/overview/surroundings';
import { reasonOf } from '../output/failure.js';

type UnreachableBroker = Omit<Extract<BrokerView, { isReachable: false }>, 'isReachable'>;

export function brokerUnreachableInWords({ host, error }: UnreachableBroker): string {
  return `cannot reach the broker at ${host}: ${reasonOf(error)}`;
}

/** Why a service is not ready. */
export function unreadyInWords(unready: Unready): string {
  switch (unready.kind) {
    case 'parts':
      return unready.parts
        .map(({ part, reason }) => (reason.startsWith(`${part}:`) ? reason : `${part}: ${reason}`))
        .join('; ');
    case 'status':
      return `HTTP status ${unready.status}`;
    case 'no_answer':
      return `no answer: ${reasonOf(unready.error)}`;
  }
}

export function topologyUnknownInWords(error: string): string {
  return `the topology cannot be compared: ${reasonOf(error)}`;
}

/** Differences and warnings of the topology, each in a sentence. */
export function topologyInWords(topology: TopologyView): string[] {
  if (!topology.isKnown) return [topologyUnknownInWords(topology.error)];
  return [...describeDifferences(topology.differences), ...topology.warnings];
}
