const NOBODY = 65_534;

/** Does something as a user that may not read what others keep for themselves: root may read everything. */
export function asOtherUser<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
