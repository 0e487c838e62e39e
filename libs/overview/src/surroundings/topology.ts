import { errorText, type TopologyDifference } from '@backup-awareness/contracts/plain';
import type { ManagementAddress } from '@backup-awareness/messaging/health';

/** How the broker differs from what is required. */
export type TopologyView =
  | {
      readonly isKnown: true;
      readonly differences: readonly TopologyDifference[];
      /** What stops no message, but needs a look. */
      readonly warnings: readonly string[];
    }
  | { readonly isKnown: false; readonly error: string };

/** Compares by the broker's management API. Never throws: that the topology is unknown is a finding, too. */
export async function viewTopology(
  management: ManagementAddress,
  vhost: string,
): Promise<TopologyView> {
  try {
    const { compareTopology } = await import('@backup-awareness/messaging/compare-topology');
    const { differences, warnings } = await compareTopology(management, vhost);
    return { isKnown: true, differences, warnings };
  } catch (error) {
    return { isKnown: false, error: errorText(error) };
  }
}
