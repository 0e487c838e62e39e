/** What one load sends. Everything but the time of day follows from this. */
export interface LoadPlan {
  /** Part of its engines' names, its ids and paths, which distinguish its rows from those of other loads. */
  readonly name: string;
  readonly seed: number;
  /**
   * `reports`: healthy ones; `poison`: one in a hundred is malformed; `fuzz`: payloads of any shape; `hostile`: every second one
   * has properties and headers of any type.
   */
  readonly kind: 'reports' | 'poison' | 'fuzz' | 'hostile';
  /** Messages per second; by default as fast as the broker confirms them. */
  readonly perSecond?: number;
  /** Number of messages; by default until it is stopped. */
  readonly count?: number;
}

/** The AMQP header that identifies a dead letter, which keeps it. */
export const NUMBER_HEADER = 'chaos-number';

/** The domain of all engines of a load. */
export function domainOf({ name }: LoadPlan): string {
  return `${name}.chaos.example.com`;
}

export function eventIdOf({ name }: LoadPlan, number: number): string {
  return `${name}/${number}`;
}

export function logPathOf({ name }: LoadPlan, number: number): string {
  return `/var/log/${name}/${number}.log`;
}

/** The number of the message whose `log_path` is in this text. */
export function numberByPath({ name }: LoadPlan, text: string): number | undefined {
  const digits = new RegExp(`/var/log/${name}/(\\d+)\\.log`).exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
