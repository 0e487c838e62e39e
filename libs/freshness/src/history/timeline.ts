/** A value that changes: `first` holds until the first change, and each change from its instant on. Changes are in the order of time. */
export interface Timeline<T> {
  readonly first: T;
  readonly changes: readonly Change<T>[];
}

export interface Change<T> {
  /** Whole milliseconds since 1970. */
  readonly at: number;
  readonly to: T;
}

/** A value, and the instant of the change to it; null: it holds from the beginning. */
export interface ValueInForce<T> {
  readonly value: T;
  readonly changedAt: number | null;
}

/** A value that never changes. */
export function always<T>(value: T): Timeline<T> {
  return { first: value, changes: [] };
}

/** What holds at an instant. Of several changes at the same instant the last one counts. */
export function valueAt<T>({ first, changes }: Timeline<T>, at: number): ValueInForce<T> {
  const change = changes.findLast((one) => one.at <= at);
  return change ? { value: change.to, changedAt: change.at } : { value: first, changedAt: null };
}
