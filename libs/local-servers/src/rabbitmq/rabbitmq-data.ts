import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { leadQueuesTo } from './moved-queues.js';
import { OWN_FOLDER } from './rabbitmq-files.js';
import { folderKey, removeFile, replaceFile } from '../run-directory/replace-file.js';
import { StartFailure } from '../output/start-failure.js';

/** There from before a node's first boot until it has booted: while it is there, nothing can have been stored. */
const FIRST_BOOT = 'first-boot';

/** Holds the version that booted last on the data. */
const BOOTED = 'booted';

/**
 * Makes a node's folder ready to be started in. A first boot that was cut off leaves data that no boot accepts; these, and
 * no others, are removed.
 *
 * @throws StartFailure, with nothing touched, where the data are missing, in use, or of a newer RabbitMQ. Data of a run directory that was moved are made to work where they are now
 */
export function ensureNodeData(folder: string, version: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const data = join(folder, 'data');
  const pid = nodeRunsIn(folder);
  if (pid !== undefined)
    throw new StartFailure(`process ${pid} already runs RabbitMQ on ${data}: stop it first.`);
  if (existsSync(join(folder, FIRST_BOOT))) rmSync(data, { recursive: true, force: true });
  else if (existsSync(data)) {
    refuseNewerData(folder, data, version);
    leadQueuesTo(data, join(OWN_FOLDER, 'data'));
  } else if (existsSync(join(folder, BOOTED)))
    throw new StartFailure(
      `the broker's data, with all that waits in its queues, were in ${data}, which is missing: bring them there from where they are. To begin with an empty broker instead, remove ${join(folder, BOOTED)}.`,
    );
  else replaceFile(join(folder, FIRST_BOOT), '');
}

/** @throws StartFailure where that cannot be written down, which has to be before anything is stored */
export function recordBoot(folder: string, version: string): void {
  if (bootedVersion(folder) === version && !existsSync(join(folder, FIRST_BOOT))) return;
  try {
    replaceFile(join(folder, BOOTED), version);
    removeFile(join(folder, FIRST_BOOT));
  } catch (error) {
    throw new StartFailure(`RabbitMQ: ${(error as Error).message}`, { cause: error });
  }
}

/** RabbitMQ itself does not tell data of a newer release, and may change what it cannot read. */
function refuseNewerData(folder: string, data: string, version: string): void {
  const found = bootedVersion(folder);
  if (!found || compare(found, version) <= 0) return;
  throw new StartFailure(
    `${data} was last used by RabbitMQ ${found}, and this machine has RabbitMQ ${version}, which cannot go on with it. Nothing was changed. Install RabbitMQ ${found} or later.`,
  );
}

function bootedVersion(folder: string): string | undefined {
  const file = join(folder, BOOTED);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** By major and minor number: within these, RabbitMQ's releases take each other's data. */
function compare(a: string, b: string): number {
  const [first, second] = [a, b].map((text) => text.split('.').map(Number));
  return first![0]! - second![0]! || first![1]! - second![1]!;
}

/** Told by its working directory, since its pid file alone may name another process by now. */
function nodeRunsIn(folder: string): number | undefined {
  const file = join(folder, 'rabbitmq.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  return folderKey(`/proc/${pid}/cwd`) === folderKey(folder) ? pid : undefined;
}
