export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot, as /proc gives them. */
  readonly startTime: string;
  readonly bootId: string;
}
export function identifyProcess(pid: number): ProcessIdentity | undefined;
export function isRunning(identity: ProcessIdentity): boolean;
export function parentOf(pid: number): number | undefined;
