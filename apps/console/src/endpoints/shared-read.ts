import type { DataSource } from 'typeorm';

/**
 * A read of much that is shared by those who ask at the same time: there is one at a time, and who asks while it is under way gets the
 * next one. So each gets what was read after they had asked, and many of them take little longer than one.
 */
export function sharedRead<T>(
  read: (db: DataSource) => Promise<T>,
): (db: DataSource) => Promise<T> {
  const running = new WeakMap<DataSource, Promise<T>>();
  const next = new WeakMap<DataSource, Promise<T>>();

  function begin(db: DataSource): Promise<T> {
    const begun = read(db).finally(() => running.delete(db));
    running.set(db, begun);
    return begun;
  }

  return (db) => {
    const current = running.get(db);
    if (!current) return begin(db);
    const ended = current.then(ignore, ignore);
    const waiting =
      next.get(db) ??
      ended.then(() => {
        next.delete(db);
        return running.get(db) ?? begin(db);
      });
    next.set(db, waiting);
    return waiting;
  };
}

function ignore(): void {
  // Those who asked for that one get its error.
}
