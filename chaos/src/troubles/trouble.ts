import type { Draws } from '../draws.js';
import type { Installation, InstallationKind } from '../installation/installation.js';
import type { LoadPlan } from '../load/load-plan.js';
import type { Load } from '../load/start-load.js';

/** Something that goes wrong while reports flow. */
export interface Trouble {
  /** Its name on the command line; several may share one. */
  readonly name: string;
  /** What is done, as shown in the table. */
  readonly what: string;
  readonly installation: InstallationKind;
  /** How often it is done; 0 leaves it out of the shortened run. */
  readonly times: { readonly full: number; readonly short: number };
  /** By default reports, 300 per second until the trouble is over. */
  readonly load?: { readonly kind: LoadPlan['kind'] };
  /** The longest acceptable recovery; absent where there is no target. */
  readonly recoveryWithinMs?: number;
  /** Makes the trouble. @throws where that fails, or the product does not recover */
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
  /** How long each recovery took, in ms. */
  readonly recoveriesMs: readonly number[];
  /** What else is to be shown, one line each. */
  readonly notes?: readonly string[];
}
