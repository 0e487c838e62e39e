import type { ManagementAddress } from '@backup-awareness/messaging/health';
import type { SqlRunner } from '@backup-awareness/database/connection';
import { statfs } from 'node:fs/promises';
import { failed, ok, skipped, warning, type Observation } from '../check.js';
import { fact } from '../facts.js';
import type { Looks } from '../looks/looks.js';
import { isLocal } from '../target.js';

const MIB = 1024 * 1024;
/** A day of reports from thousands of hosts takes less: there is time to act. */
const BYTES_TO_WARN = 1024 * MIB;
const BYTES_TO_FAIL = 128 * MIB;

/** There is space where broker, database and `npm start` keep their data, as far as that can be seen from here. */
export async function checkDisk(looks: Looks): Promise<Observation[]> {
  const { runDirectory } = looks.target;
  const [own, database, broker] = await Promise.all([
    runDirectory === undefined ? [] : [await spaceAt('run directory', runDirectory)],
    databaseSpace(looks),
    brokerSpace(looks),
  ]);
  return [...own, ...database, ...broker];
}

async function spaceAt(place: string, path: string): Promise<Observation> {
  try {
    const { bavail, bsize } = await statfs(path);
    return judgeSpace(place, path, bavail * bsize);
  } catch {
    return spaceUnknown(place);
  }
}

/** @param limitBytes below it the place does not work any more */
export function judgeSpace(
  place: string,
  path: string | null,
  freeBytes: number,
  limitBytes = 0,
): Observation {
  const space = fact('space', { place, path, freeBytes });
  const free = { kind: 'free_space', place } as const;
  if (freeBytes < limitBytes + BYTES_TO_FAIL) return failed(space, free);
  return freeBytes < limitBytes + BYTES_TO_WARN ? warning(space, free) : ok(space);
}

function spaceUnknown(place: string): Observation {
  return skipped(fact('space_unknown', { place }));
}

/** Of the data directory, if the server is on this machine and says where it is. */
async function databaseSpace(looks: Looks): Promise<Observation[]> {
  const url = looks.target.databaseUrl;
  if (url === undefined) return [];
  if (!isLocal(url)) return [spaceUnknown('database')];
  const path = await looks.readDatabase(dataDirectory).catch(() => undefined);
  if (path === undefined) return [spaceUnknown('database')];
  return [await spaceAt('database', path)];
}

/** Undefined if this role may not see it. */
async function dataDirectory(sql: SqlRunner): Promise<string | undefined> {
  const [row]: { path: string }[] = await sql.query(
    `SELECT setting AS path FROM pg_settings WHERE name = 'data_directory'`,
  );
  return row?.path;
}

/** As the broker reports it. Where it does not, `npm start` keeps the data of its own broker in the run directory. */
async function brokerSpace({ target }: Looks): Promise<Observation[]> {
  const { management, amqpUrl, runDirectory } = target;
  if (amqpUrl === undefined) return [];
  const disks = management === undefined ? [] : await nodeDisks(management);
  if (disks.length === 0)
    return runDirectory !== undefined && isLocal(amqpUrl) ? [] : [spaceUnknown('broker')];
  return disks.map(({ node, freeBytes, limitBytes }) =>
    judgeSpace(`broker ${node}`, null, freeBytes, limitBytes),
  );
}

async function nodeDisks(management: ManagementAddress) {
  const { readNodeDisks } = await import('@backup-awareness/messaging/health');
  return readNodeDisks(management).catch(() => []);
}
