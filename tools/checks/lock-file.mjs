// No entry of a lock file may name a registry: everybody installs from the one in their own configuration.
import { readFileSync } from 'node:fs';

const LOCK_FILES = ['package-lock.json', 'e2e/foreign/package-lock.json'];

function faultsOf(file) {
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages).flatMap(
    ([path, { resolved, link, integrity }]) => [
      ...(/^[a-z+]+:/.test(resolved ?? '')
        ? [`${path}: expected no address, got ${resolved}`]
        : []),
      ...(path.includes('node_modules/') && !link && !integrity
        ? [`${path}: expected an integrity hash, got none`]
        : []),
    ],
  );
}

const faults = LOCK_FILES.flatMap((file) => faultsOf(file).map((fault) => `${file}: ${fault}`));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
