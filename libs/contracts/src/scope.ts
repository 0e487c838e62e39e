/** A scope of a backup: oVirt's scopes and those it may add. Not `all`: engine-backup accepts it, but it names no scope. */
export const SCOPE = /^(?!all$)[a-z][a-z0-9_-]{0,63}$/;

export const SCOPE_EXPECTED =
  'a scope: a lower-case letter, then up to 63 lower-case letters, digits, _ or -; not all, which names no scope (a full backup consists of db and files)';
