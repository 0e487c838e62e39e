import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngineHost, type EngineHost } from './engine-host.js';

/** A host on which an engine is set up and `engine-backup` is installed, and nothing of ours yet. */
export function prepareEngineHost(): EngineHost {
  const host = createEngineHost();
  host.write(join(host.root, 'etc/ovirt-engine/engine.conf'), 'ENGINE_FQDN=engine.example.com\n');
  host.write(join(host.root, 'usr/bin/engine-backup'), '');
  return host;
}

/** Its files and folders. */
export const ENGINE_HOST = [
  'etc',
  'etc/ovirt-engine',
  'etc/ovirt-engine/engine.conf',
  'usr',
  'usr/bin',
  'usr/bin/engine-backup',
];

/** Everything below the root of a host: its mode, and its content. */
export function contents({ root }: EngineHost): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    entries.map((name) => {
      const path = join(root, name);
      const found = lstatSync(path);
      const content = found.isFile() ? readFileSync(path, 'latin1') : '';
      return [name, `${found.mode.toString(8)} ${content}`];
    }),
  );
}
