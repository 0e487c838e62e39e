/** What a backup may be of: oVirt's scopes, and those that it will add. */
export const SCOPE = /^[a-z][a-z0-9_-]{0,63}$/;

export const SCOPE_EXPECTED =
  'a scope: a lower-case letter, then up to 63 lower-case letters, digits, _ or -';
