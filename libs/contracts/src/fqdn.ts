export const FQDN_CHARACTERS_MAX = 255;

const FQDN = /^[A-Za-z0-9.-]{1,255}$/;

/** As `normalizeFqdn` returns it. */
const KEPT_FQDN = /^[a-z0-9.-]{0,254}[a-z0-9-]$/;

export const FQDN_EXPECTED = 'a host name: 1 to 255 ASCII letters, digits, hyphens and dots';

/**
 * A host name as everything keeps and compares it: lower case, without a trailing dot.
 *
 * @returns undefined if the text is not a host name
 */
export function normalizeFqdn(text: string): string | undefined {
  if (!FQDN.test(text)) return undefined;
  const name = text.toLowerCase().replace(/\.+$/, '');
  return name === '' ? undefined : name;
}

/** Whether `normalizeFqdn` leaves the text unchanged. */
export function isKeptFqdn(text: string): boolean {
  return KEPT_FQDN.test(text);
}
