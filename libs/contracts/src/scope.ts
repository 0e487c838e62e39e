/** What a backup may be of: oVirt's scopes, and those that it will add; but `all`, which engine-backup takes and which names none. */
export const SCOPE = /^(?!all$)[a-z][a-z0-9_-]{0,63}$/;

export const SCOPE_EXPECTED =
  'a scope: a lower-case letter, then up to 63 lower-case letters, digits, _ or -; not all, which names none (a full backup is db and files)';
