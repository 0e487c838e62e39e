import { requireUrl } from '@backup-awareness/service/variable-text';
import type { TopologyComparison } from '@backup-awareness/messaging/compare-topology';
import type { ManagementAddress } from '@backup-awareness/messaging/health';
import { managementAddress } from './certificates.js';
import { readUrl } from './environment.js';
import { Unreachable, WrongUse } from '../output/failure.js';
import { findInstallation, HTTP_PROTOCOLS } from './find-installation.js';

export const MANAGEMENT_OPTION = [
  '--management-url <URL>',
  "the broker's management API, like http://administrator:password@host:15672, to set up or compare users and policies; AMQP_MANAGEMENT_URL keeps the password off the command line",
] as const;

/** The broker's management API from the option or the environment; undefined if neither names it. */
export function givenManagement(
  environment: NodeJS.ProcessEnv,
  option: string | undefined,
): string | undefined {
  return option === undefined
    ? readUrl(environment, 'AMQP_MANAGEMENT_URL', HTTP_PROTOCOLS)
    : requireUrl('--management-url', option, HTTP_PROTOCOLS);
}

/** The same with its certificates, or that of the installation that `npm start` runs. @throws WrongUse if it is not configured */
export function requireManagement(
  environment: NodeJS.ProcessEnv,
  option: string | undefined,
): ManagementAddress {
  const url = givenManagement(environment, option) ?? findInstallation(environment).managementUrl;
  if (url !== undefined) return managementAddress(url, environment);
  throw new WrongUse(
    "AMQP_MANAGEMENT_URL is not set: only the broker's management API can change users",
  );
}

/** How the broker differs from what is required, by its management API. @throws Unreachable if that does not answer */
export async function compareWithBroker(
  management: ManagementAddress,
  vhost: string,
): Promise<TopologyComparison> {
  const { compareTopology } = await import('@backup-awareness/messaging/compare-topology');
  return compareTopology(management, vhost).catch((error: unknown) => {
    throw managementFailure(error);
  });
}

/** The error to show. Recognized by its name: only commands that change something load its class. */
export function managementFailure(error: unknown): unknown {
  return error instanceof Error && error.name === 'ManagementUnreachable'
    ? new Unreachable(error.message, { cause: error })
    : error;
}
