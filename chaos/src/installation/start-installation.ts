import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataSourceFor } from '@backup-awareness/database';
import { npmStart, type NpmStart } from '@backup-awareness/testing';
import {
  disposeRunDirectory,
  openProcessTable,
  openRunDirectory,
  openTemporaryRunDirectory,
} from '@backup-awareness/local-servers';
import { ensureReady } from './ensure-ready.js';
import type { Installation, InstallationKind } from './installation.js';
import { startSurroundings, type Surroundings } from './surroundings.js';
import { mountSmallDisk } from './small-disk.js';

/**
 * Installs and starts the product of a compiled checkout, in a temporary folder.
 *
 * @param environment further variables for `npm start`
 * @throws NotAvailable where this machine cannot have an installation of this kind
 */
export async function startInstallation(
  kind: InstallationKind,
  checkout: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const runDirectory = await openTemporaryRunDirectory();
  const undo: (() => Promise<unknown>)[] = [() => disposeRunDirectory(runDirectory)];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    const surroundings = await startSurroundings(kind, runDirectory);
    undo.push(surroundings.stop);
    const productFolder = join(runDirectory.path, 'product');
    (await openRunDirectory(productFolder, { temporary: true })).close();
    const run = (): Promise<NpmStart> =>
      npmStart(productFolder, { ...surroundings.environment, ...environment }, checkout);
    undo.push(() => removeProduct(productFolder));
    let product = await run();
    undo.push(() => endProduct(product));
    let disk: { readonly disk: string } | undefined;
    if (kind === 'small disk') {
      await endProduct(product);
      const { path, unmount } = await mountSmallDisk(join(productFolder, 'postgresql', 'data'));
      undo.splice(-1, 0, unmount);
      disk = { disk: path };
      product = await run();
    }
    const urls = surroundings.urls ?? urlsOf(productFolder, product);
    const owner = dataSourceFor(urls.databaseUrl, {
      session: 'administration',
      poolSize: 4,
      applicationName: 'chaos',
    });
    await owner.initialize();
    undo.push(() => owner.destroy());
    const patient = dataSourceFor(urls.databaseUrl, {
      session: 'schema',
      poolSize: 2,
      queryTimeoutMs: 0,
      applicationName: 'chaos',
    });
    await patient.initialize();
    undo.push(() => patient.destroy());
    return {
      kind,
      checkout,
      ...surroundings.parts,
      ...disk,
      amqpUrl: urls.amqpUrl,
      managementUrl: urls.managementUrl,
      publishUrl: surroundings.publishUrl ?? urls.amqpUrl,
      owner,
      query: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
        (await patient.query(sql, [...parameters])) as Row[],
      folder: runDirectory.path,
      pidOf: (name) => pidOf(productFolder, name),
      ready: async (name) => {
        const { url } = product.endpoints().services[name] ?? {};
        if (url === undefined) throw new Error(`there is no ${name}`);
        await ensureReady(name, url);
      },
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** The URLs of the broker and database that `npm start` runs itself. */
function urlsOf(productFolder: string, product: NpmStart): NonNullable<Surroundings['urls']> {
  const { amqpUrl, databaseUrl } = product.endpoints();
  const { username, password } = new URL(amqpUrl);
  const ports = JSON.parse(readFileSync(join(productFolder, 'ports.json'), 'utf8')) as {
    management: number;
  };
  const managementUrl = `http://${username}:${password}@127.0.0.1:${ports.management}`;
  return { amqpUrl, databaseUrl, managementUrl };
}

function pidOf(productFolder: string, name: string): number {
  const running = openProcessTable(join(productFolder, 'processes.json')).running();
  const found = running.find((one) => one.name === name);
  if (found) return found.pid;
  throw new Error(`${name} does not run`);
}

async function endProduct(product: NpmStart): Promise<void> {
  const code = await product.end('SIGTERM');
  if (code !== 0) throw new Error(`npm start ended with ${code}:\n${product.output()}`);
}

async function removeProduct(productFolder: string): Promise<void> {
  if (existsSync(productFolder)) await disposeRunDirectory(await openRunDirectory(productFolder));
}
