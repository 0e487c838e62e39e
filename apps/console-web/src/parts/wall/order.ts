import type { Cell } from './wall.js';

/** The engines of now in the order of before; new ones come last. */
export function inOrderOf(before: readonly Cell[], now: readonly Cell[]): Cell[] {
  const left = new Map(now.map((cell) => [cell[0], cell]));
  const kept = before.flatMap(([fqdn]) => {
    const cell = left.get(fqdn);
    left.delete(fqdn);
    return cell ? [cell] : [];
  });
  return [...kept, ...left.values()];
}
