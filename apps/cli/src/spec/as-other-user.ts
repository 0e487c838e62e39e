const NOBODY = 65_534;

/** Does something as a user who may not read the files of others: root may read everything. */
export function asOtherUser<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
