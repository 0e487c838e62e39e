/** A panel of a dashboard. */
export interface Panel {
  readonly kind: 'stat' | 'bargauge' | 'timeseries';
  readonly title: string;
  readonly description: string;
  /** A unit of Grafana, such as `s` or `percentunit`. */
  readonly unit: string;
  /** In columns; a row has 24. */
  readonly width: number;
  readonly queries: readonly Query[];
  /** Colours from a value on, the first one from no value at all; none: a colour for each series. */
  readonly steps?: readonly { readonly color: string; readonly value: number | null }[];
  /** The value at the end of a bar. */
  readonly max?: number;
}

interface Query {
  /** In PromQL. */
  readonly expr: string;
  /** With labels as `{{label}}`. */
  readonly legend: string;
}

export interface Row {
  readonly title: string;
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** Green from a value on, else red. */
export const good = (from: number): Panel['steps'] => [
  { color: 'red', value: null },
  { color: 'green', value: from },
];
/** Red from a value on, else green. */
export const bad = (from: number): Panel['steps'] => [
  { color: 'green', value: null },
  { color: 'red', value: from },
];

/** The range of a rate: Grafana makes it wide enough for the interval of scraping. */
export const RATE = '$__rate_interval';
