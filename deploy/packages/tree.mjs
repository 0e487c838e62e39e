import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file of a package's tree. Its folders get mode 0755, whatever the umask. */
export function put(tree, path, content, mode = 0o644) {
  makeFolder(tree, dirname(path));
  const file = join(tree, path);
  writeFileSync(file, content);
  chmodSync(file, mode);
}

/** Makes a folder of a package's tree; those above it get mode 0755, whatever the umask. */
export function makeFolder(tree, path, mode = 0o755) {
  const above = dirname(path);
  if (above !== path) makeFolder(tree, above);
  mkdirSync(join(tree, path), { recursive: true });
  chmodSync(join(tree, path), mode);
}
