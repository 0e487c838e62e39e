/** The name that was probably meant: the one with the fewest letters to change; undefined if none is near. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const text = typed.toLowerCase().slice(0, 300);
  let nearest: string | undefined;
  let fewest = Infinity;
  for (const name of names) {
    const changes = changesBetween(text, name.toLowerCase());
    if (changes < fewest) [nearest, fewest] = [name, changes];
  }
  const bound = Math.max(text.length, nearest?.length ?? 0) / 2;
  return fewest <= bound ? nearest : undefined;
}

/** `; did you mean X?`, or nothing if no name is near. */
export function suggestion(typed: string, names: readonly string[]): string {
  const name = nearestName(typed, names);
  return name === undefined ? '' : `; did you mean ${name}?`;
}

function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
