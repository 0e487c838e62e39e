export const FQDN_CHARACTERS_MAX = 255;

const FQDN = /^[A-Za-z0-9.-]{1,255}$/;

/** As `normalizeFqdn` gives it. */
const KEPT_FQDN = /^[a-z0-9.-]{0,254}[a-z0-9-]$/;

export const FQDN_EXPECTED = 'a host name: 1 to 255 ASCII letters, digits, hyphens and dots';

/**
 * A host name as it is kept and compared everywhere: lower case, without a trailing dot.
 *
 * @returns undefined where the text is no host name.
 */
export function normalizeFqdn(text: string): string | undefined {
  if (!FQDN.test(text)) return undefined;
  const name = text.toLowerCase().replace(/\.+$/, '');
  return name === '' ? undefined : name;
}

/** Whether `normalizeFqdn` would leave the text as it is. */
export function isKeptFqdn(text: string): boolean {
  return KEPT_FQDN.test(text);
}
