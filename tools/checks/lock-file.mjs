// No entry of the lock file may name a registry: everybody installs from the one in their own configuration.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const addresses = Object.entries(packages).filter(([, { resolved }]) =>
  /^[a-z+]+:/.test(resolved ?? ''),
);
const unhashed = Object.entries(packages).filter(
  ([path, { link, integrity }]) => path.includes('node_modules/') && !link && !integrity,
);

for (const [path, { resolved }] of addresses)
  process.stderr.write(`package-lock.json: ${path}: expected no address, got ${resolved}\n`);
for (const [path] of unhashed)
  process.stderr.write(`package-lock.json: ${path}: expected an integrity hash, got none\n`);
process.exit(addresses.length + unhashed.length === 0 ? 0 : 1);
