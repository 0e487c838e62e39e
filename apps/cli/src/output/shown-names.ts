const SHOWN = 20;

/** The lines of a list that may be long: the first names, and how many more. */
export function shownNames(names: readonly string[]): string[] {
  const more = names.length - SHOWN;
  return [
    ...names.slice(0, SHOWN).map((name) => `  ${name}`),
    ...(more > 0 ? [`  and ${more} more (--json shows all)`] : []),
  ];
}
