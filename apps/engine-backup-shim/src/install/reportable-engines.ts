import { normalizeFqdn } from '@backup-awareness/contracts/plain';

/**
 * The engines that this host's broker user may report about, from the answer to a request for settings.
 *
 * @returns undefined if it names none: the user belongs to no engine, or the service that answered is older
 */
export function reportableEngines(answer: string): readonly string[] | undefined {
  const engines = parse(answer)?.engines;
  if (!Array.isArray(engines)) return undefined;
  // They are printed: only valid names.
  const names = engines.flatMap((name) =>
    typeof name === 'string' ? (normalizeFqdn(name) ?? []) : [],
  );
  return names.length > 0 ? names : undefined;
}

function parse(text: string): { readonly engines?: unknown } | null {
  try {
    return JSON.parse(text) as { readonly engines?: unknown } | null;
  } catch {
    return null;
  }
}
