import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compiledProgram } from '@backup-awareness/testing';
import type { ProductOnTestServers } from './product.js';

const SHIM = compiledProgram('engine-backup-shim');

/** An engine host with a broker user of its own. */
export interface EngineHost {
  readonly fqdn: string;
  readonly user: string;
  /** Runs `engine-backup-shim` there. */
  shim(...args: string[]): Promise<unknown>;
}

/**
 * Adds an engine with a broker user, and sets up its host in a folder by the very command that `engines add` shows. The broker user
 * outlives the test's virtual host: retire the engine at the end.
 */
export async function setUpEngineHost(
  product: ProductOnTestServers,
  folder: string,
  name: string,
): Promise<EngineHost> {
  const fqdn = `${name}.example.com`;
  const user = `${name}-${product.broker.vhost}`;
  const passwordFile = join(folder, `${name}.password`);
  const added = await product.cli(
    ...['engines', 'add', fqdn, '--broker-user', user, '--password-file', passwordFile],
  );
  expect(added).toMatchObject({ code: 0, stderr: '' });
  const shim = (...args: string[]) =>
    promisify(execFile)(process.execPath, [SHIM, ...args, '--root', join(folder, name)]);
  const [install] = /engine-backup-shim install .*/.exec(added.stdout)!;
  await shim(...install.split(' ').slice(1));
  return { fqdn, user, shim };
}
