const FQDN = /^[A-Za-z0-9.-]{1,255}$/;

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
