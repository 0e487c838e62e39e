import { REPORT_NAMES } from './report-status.js';

/** The scope of probes, which is reserved: a service's own message with it is no report, but shows that reports get through. */
export const PROBE_SCOPE = 'backup-awareness-probe';

/** A probe for each binding that reports take. */
export interface Probe {
  readonly routingKey: string;
  /** The key of the binding that it travels by. */
  readonly bindingKey: string;
}

export const PROBES: readonly Probe[] = REPORT_NAMES.map((name) => ({
  routingKey: `${name}.${PROBE_SCOPE}`,
  bindingKey: `${name}.#`,
}));
