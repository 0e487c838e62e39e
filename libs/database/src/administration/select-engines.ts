import type { SqlRunner } from '../connection/sql-runner.js';

export interface EngineSelection {
  /** Monitored engines that match a pattern, by name. */
  readonly fqdns: readonly string[];
  /** Patterns without a match. */
  readonly unmatched: readonly string[];
}

/** The monitored engines that match patterns; `*` stands for any characters, `?` for one; case does not matter. */
export async function selectEngines(
  source: SqlRunner,
  patterns: readonly string[],
): Promise<EngineSelection> {
  if (patterns.length === 0) return { fqdns: [], unmatched: [] };
  const rows: { fqdn: string }[] = await source.query(
    'SELECT fqdn FROM engine WHERE retired_at IS NULL ORDER BY fqdn',
  );
  const monitored = rows.map(({ fqdn }) => fqdn);
  const selected = new Set<string>();
  const unmatched = patterns.filter((pattern) => {
    const matched = monitored.filter((fqdn) => matches(pattern.toLowerCase(), fqdn));
    matched.forEach((fqdn) => selected.add(fqdn));
    return matched.length === 0;
  });
  return { fqdns: monitored.filter((fqdn) => selected.has(fqdn)), unmatched };
}

/** Takes time proportional to both lengths, unlike a regular expression with many stars. */
function matches(pattern: string, text: string): boolean {
  let [at, star, resumeAt] = [0, -1, 0];
  for (let i = 0; i < text.length;) {
    if (pattern[at] === '*') {
      star = at++;
      resumeAt = i;
    } else if (pattern[at] === '?' || pattern[at] === text[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resumeAt;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
