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

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

export const HOST_NAME_EXPECTED =
  'a host name: parts of 1 to 63 ASCII letters, digits and hyphens, separated by dots, none of which begins or ends with a hyphen';

/** Whether a normalized name is one that a host can have. Reports may have others too, which are kept. */
export function isHostName(fqdn: string): boolean {
  return fqdn.split('.').every((label) => LABEL.test(label));
}

/** Whether `normalizeFqdn` leaves the text unchanged. */
export function isKeptFqdn(text: string): boolean {
  return KEPT_FQDN.test(text);
}
