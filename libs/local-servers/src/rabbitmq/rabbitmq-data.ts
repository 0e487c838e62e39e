import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pointQueuesTo } from './moved-queues.js';
import { OWN_FOLDER } from './rabbitmq-files.js';
import { folderKey, removeFile, replaceFile } from '../run-directory/replace-file.js';
import { StartFailure } from '../output/start-failure.js';

/** Exists from before a node's first boot until it has booted: while it exists, nothing has been stored. */
const FIRST_BOOT = 'first-boot';

/** Names the version that last booted on the data. */
const BOOTED = 'booted';

/**
 * Prepares a node's folder for a start. A first boot that was cut off leaves data that no boot accepts: these are removed, and
 * no others. The data of a run directory that was moved are adapted to their new place.
 *
 * @throws StartFailure, with nothing touched, where the data are missing, in use, or of a newer RabbitMQ
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
    pointQueuesTo(data, join(OWN_FOLDER, 'data'));
  } else if (existsSync(join(folder, BOOTED)))
    throw new StartFailure(
      `the broker's data, with all messages in its queues, were in ${data}, which is missing: move them back there. To start with an empty broker instead, remove ${join(folder, BOOTED)}.`,
    );
  else replaceFile(join(folder, FIRST_BOOT), '');
}

/** Records that this version has booted, before anything is stored. @throws StartFailure where it cannot be written */
export function recordBoot(folder: string, version: string): void {
  if (bootedVersion(folder) === version && !existsSync(join(folder, FIRST_BOOT))) return;
  try {
    replaceFile(join(folder, BOOTED), version);
    removeFile(join(folder, FIRST_BOOT));
  } catch (error) {
    throw new StartFailure(`RabbitMQ: ${(error as Error).message}`, { cause: error });
  }
}

/** RabbitMQ does not recognise the data of a newer release, and may damage them. */
function refuseNewerData(folder: string, data: string, version: string): void {
  const found = bootedVersion(folder);
  if (!found || compare(found, version) <= 0) return;
  throw new StartFailure(
    `${data} was last used by RabbitMQ ${found}, and this machine has RabbitMQ ${version}, which cannot read it. Nothing was changed. Install RabbitMQ ${found} or later.`,
  );
}

/**
 * Why a node has ended early, in the words of an administrator where its data are of a release too old for it; else as it is. RabbitMQ
 * finds that out by feature flags, before it changes anything.
 *
 * @param error says what this boot has logged last, and nothing of an earlier one
 */
export function explainEnd(error: unknown, folder: string, version: string): unknown {
  const found = bootedVersion(folder);
  if (!found || compare(found, version) >= 0 || !(error instanceof Error)) return error;
  if (!error.message.includes('failed_to_initialize_feature_flags_registry')) return error;
  return new StartFailure(
    `${join(folder, 'data')} was last used by RabbitMQ ${found}, and RabbitMQ ${version} needs data of a release between them. Nothing was changed. So that no message is lost, start once with ${found} and with each minor release between (RABBITMQ_HOME names its folder), and enable all feature flags before each step (\`rabbitmqctl enable_feature_flag all\`, as in docs/runbooks/README.md); or move ${folder} away to start with an empty broker: the reports in the database stay, what waits in queues does not.`,
    { cause: error },
  );
}

function bootedVersion(folder: string): string | undefined {
  const file = join(folder, BOOTED);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** By major and minor version: releases that differ only in the patch version read each other's data. */
function compare(a: string, b: string): number {
  const [first, second] = [a, b].map((text) => text.split('.').map(Number));
  return first![0]! - second![0]! || first![1]! - second![1]!;
}

/** Checked by its working directory: the pid in its file may be another process's by now. */
function nodeRunsIn(folder: string): number | undefined {
  const file = join(folder, 'rabbitmq.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  return folderKey(`/proc/${pid}/cwd`) === folderKey(folder) ? pid : undefined;
}
