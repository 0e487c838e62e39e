import type { Draws } from '../draws.js';
import type { Installation, InstallationKind } from '../installation/installation.js';
import type { LoadPlan } from '../load/load-plan.js';
import type { Load } from '../load/start-load.js';

/** Something that goes wrong while reports flow. */
export interface Trouble {
  /** By which it is asked for; several may share it. */
  readonly name: string;
  /** What is done, as the table says it. */
  readonly what: string;
  readonly installation: InstallationKind;
  /** How often it is done; the shortened run leaves out what has 0. */
  readonly times: { readonly full: number; readonly short: number };
  /** Reports, 300 a second until the trouble is over, unless told. */
  readonly load?: { readonly kind: LoadPlan['kind'] };
  /** Within how long the product has to be well again each time; left out where targets.md names no time. */
  readonly recoveryWithinMs?: number;
  /** Does it. @throws where the trouble could not be made, or the product did not come back */
  make(context: TroubleContext): Promise<Made>;
}

export interface TroubleContext {
  readonly installation: Installation;
  readonly load: Load;
  readonly times: number;
  readonly isShort: boolean;
  readonly draws: Draws;
}

export interface Made {
  /** How often something was done. */
  readonly times: number;
  /** How long the product took to be well again, each time, in ms. */
  readonly recoveriesMs: readonly number[];
}
