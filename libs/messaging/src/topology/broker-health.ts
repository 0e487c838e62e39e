import { managementApi, ManagementRefused, type ManagementAddress } from './management-api.js';

/** An alarm that blocks every publisher. */
export interface BrokerAlarm {
  readonly node: string;
  /** `memory`, `disk` or `file_descriptor_limit`. */
  readonly resource: string;
}

/** The free space where a node keeps its data. */
export interface NodeDisk {
  readonly node: string;
  readonly freeBytes: number;
  /** Below it the node raises an alarm. */
  readonly limitBytes: number;
}

const SERVICE_UNAVAILABLE = 503;

/**
 * The alarms in force, on all nodes.
 *
 * @param management of an administrator, or of a user with the tag `monitoring`
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function readBrokerAlarms(management: ManagementAddress): Promise<BrokerAlarm[]> {
  try {
    await managementApi(management).get('health/checks/alarms');
    return [];
  } catch (error) {
    // This is how it answers while there are alarms.
    if (error instanceof ManagementRefused && error.status === SERVICE_UNAVAILABLE)
      return alarmsIn(error.answer);
    throw error;
  }
}

function alarmsIn(answer: string): BrokerAlarm[] {
  const { alarms = [] } = JSON.parse(answer) as { alarms?: Partial<BrokerAlarm>[] };
  return alarms.map(({ node, resource }) => ({
    node: String(node ?? 'unknown'),
    resource: String(resource ?? 'unknown'),
  }));
}

/** The disks of all nodes; none if the broker collects no statistics. @throws as `readBrokerAlarms` does */
export async function readNodeDisks(management: ManagementAddress): Promise<NodeDisk[]> {
  const nodes = ((await managementApi(management).get('nodes')) ?? []) as {
    readonly name: string;
    readonly disk_free?: unknown;
    readonly disk_free_limit?: unknown;
  }[];
  return nodes.flatMap(({ name, disk_free: free, disk_free_limit: limit }) =>
    typeof free === 'number'
      ? [{ node: name, freeBytes: free, limitBytes: typeof limit === 'number' ? limit : 0 }]
      : [],
  );
}

/** The names of all users of the broker. @throws as `readBrokerAlarms` does; ManagementRefused unless an administrator asks */
export async function readUserNames(management: ManagementAddress): Promise<string[]> {
  const users = ((await managementApi(management).get('users')) ?? []) as { name: string }[];
  return users.map(({ name }) => name);
}
