const NAMES_MAX = 3;

/** The first few of many, and how many more there are. */
export function some(all: readonly string[], separator = ', '): string {
  const more = all.length - NAMES_MAX;
  const shown = all.slice(0, NAMES_MAX).join(separator);
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** `1 event`, `2 events`; `2 successes` where the plural is named. */
export function count(many: number, one: string, plural = `${one}s`): string {
  return `${many} ${many === 1 ? one : plural}`;
}
