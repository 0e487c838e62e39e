import { virtualHostOf } from '@backup-awareness/contracts/plain';
import type { ProductView } from '@backup-awareness/overview/judgement';
import { readProductState } from '@backup-awareness/overview/state';
import { askServices, viewBroker, viewTopology } from '@backup-awareness/overview/surroundings';
import { brokerCertificates, managementAddress } from './certificates.js';
import { readDatabase } from './database-session.js';
import {
  brokerToRead,
  databaseToRead,
  findInstallation,
  managementToRead,
} from './find-installation.js';
import { givenManagement } from './management.js';

/** Reads database, broker and services at the same time; only the database has to answer. @throws Unreachable if it does not */
export async function viewProduct(environment: NodeJS.ProcessEnv): Promise<ProductView> {
  const installation = findInstallation(environment);
  const amqpUrl = brokerToRead(installation);
  const { services } = installation;
  const managementUrl = givenManagement(environment, undefined) ?? managementToRead(installation);
  const [product, broker, readiness, topology] = await Promise.all([
    readDatabase(databaseToRead(installation), (sql) => readProductState(sql)),
    amqpUrl === undefined
      ? undefined
      : viewBroker(amqpUrl, brokerCertificates(amqpUrl, environment)),
    services === undefined ? undefined : askServices(services),
    amqpUrl === undefined || managementUrl === undefined
      ? undefined
      : viewTopology(managementAddress(managementUrl, environment), virtualHostOf(amqpUrl)),
  ]);
  return { product, broker, services: readiness, topology };
}
