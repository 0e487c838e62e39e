import type { DoctorTarget } from '@backup-awareness/overview/doctor';
import { brokerCertificates, databaseCertificates, managementAddress } from './certificates.js';
import { readVariable } from './environment.js';
import { findInstallation } from './find-installation.js';
import { givenManagement } from './management.js';
import {
  knownPasswords,
  OPTIONAL_ROLES,
  OPTIONAL_USERS,
  ROLE_PASSWORDS,
  USER_PASSWORDS,
} from './passwords.js';

const CERTIFICATES = ['AMQP_CA', 'AMQP_CERT', 'DATABASE_CA', 'DATABASE_CERT'];

/** The installation with everything that this user may know of it. @throws Unreachable if nothing is running, or this user may not look */
export function findDoctorTarget(environment: NodeJS.ProcessEnv, version: string): DoctorTarget {
  const installation = findInstallation(environment);
  const { databaseUrl, amqpUrl, services, runDirectory } = installation;
  const managementUrl = givenManagement(environment, undefined) ?? installation.managementUrl;
  const certificates = CERTIFICATES.flatMap((name) => {
    const pem = readVariable(environment, name);
    return pem === undefined ? [] : [[name, pem] as const];
  });
  return {
    databaseUrl,
    amqpUrl,
    management:
      managementUrl === undefined ? undefined : managementAddress(managementUrl, environment),
    brokerTls: amqpUrl === undefined ? undefined : brokerCertificates(amqpUrl, environment),
    services,
    runDirectory,
    version,
    isBrokerUserShared: runDirectory !== undefined && installation.managementUrl === undefined,
    databasePasswords: {
      known: knownPasswords(environment, installation, ROLE_PASSWORDS),
      variables: ROLE_PASSWORDS.variables,
      optional: Object.keys(OPTIONAL_ROLES) as (keyof typeof OPTIONAL_ROLES)[],
    },
    brokerPasswords: {
      known: knownPasswords(environment, installation, USER_PASSWORDS),
      variables: USER_PASSWORDS.variables,
      optional: Object.keys(OPTIONAL_USERS) as (keyof typeof OPTIONAL_USERS)[],
    },
    certificates: Object.fromEntries(certificates),
    readDatabaseTls:
      databaseUrl === undefined ? undefined : databaseCertificates(databaseUrl, environment),
  };
}
