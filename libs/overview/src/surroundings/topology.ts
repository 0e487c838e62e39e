import { errorText } from '@backup-awareness/contracts/plain';
import type { TopologyDifference } from '@backup-awareness/messaging/compare-topology';

/** How the broker differs from how things have to be made there. */
export type TopologyView =
  | {
      readonly isKnown: true;
      readonly differences: readonly TopologyDifference[];
      /** What hinders no message, and should be looked at. */
      readonly warnings: readonly string[];
    }
  | { readonly isKnown: false; readonly error: string };

/** Compares by the broker's management API. Never throws: that nothing is known of it is something to tell, too. */
export async function viewTopology(managementUrl: string, vhost: string): Promise<TopologyView> {
  try {
    const { compareTopology } = await import('@backup-awareness/messaging/compare-topology');
    const { differences, warnings } = await compareTopology(managementUrl, vhost);
    return { isKnown: true, differences, warnings };
  } catch (error) {
    return { isKnown: false, error: errorText(error) };
  }
}
