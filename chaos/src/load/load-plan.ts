/** What one load sends. All of it, but the time of day, follows from this. */
export interface LoadPlan {
  /** Stands in the names of its engines, in ids and paths, so that its rows are told from those of others. */
  readonly name: string;
  readonly seed: number;
  /**
   * `reports`: healthy ones; `poison`: one in a hundred is malformed; `fuzz`: payloads of any shape; `hostile`: every other one has
   * properties and headers of any type.
   */
  readonly kind: 'reports' | 'poison' | 'fuzz' | 'hostile';
  /** Messages a second; as fast as the broker confirms them where it is left out. */
  readonly perSecond?: number;
  /** How many; until it is stopped where it is left out. */
  readonly count?: number;
}

/** The AMQP header by which a dead letter is told: it is kept there as it came. */
export const NUMBER_HEADER = 'chaos-number';

/** The host names of all engines of a load end so. */
export function domainOf({ name }: LoadPlan): string {
  return `${name}.chaos.example.com`;
}

export function eventIdOf({ name }: LoadPlan, number: number): string {
  return `${name}/${number}`;
}

export function logPathOf({ name }: LoadPlan, number: number): string {
  return `/var/log/${name}/${number}.log`;
}

/** The number of the message whose `log_path` is in a text. */
export function numberByPath({ name }: LoadPlan, text: string): number | undefined {
  const digits = new RegExp(`/var/log/${name}/(\\d+)\\.log`).exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
