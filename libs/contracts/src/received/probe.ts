import { REPORT_NAMES } from './report-status.js';

/** The reserved scope of probes: messages by which a service proves that reports get through. They are not reports. */
const PROBE_SCOPE = 'backup-awareness-probe';

/** A probe for one of the bindings of reports. */
export interface Probe {
  readonly routingKey: string;
  /** The key of the binding that it takes. */
  readonly bindingKey: string;
}

export const PROBES: readonly Probe[] = REPORT_NAMES.map((name) => ({
  routingKey: `${name}.${PROBE_SCOPE}`,
  bindingKey: `${name}.#`,
}));
