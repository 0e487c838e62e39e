/** The two alerts of freshness, as the contract names them. */
export type FreshnessAlert = 'ENGINE_NO_FULL_BACKUP' | 'ENGINE_NO_WARM_BACKUP';

/** An alert that is raised and not yet cleared. Instants are whole milliseconds since 1970. */
export interface ActiveAlert {
  readonly alertId: string;
  readonly alert: FreshnessAlert;
  /** When it became true. */
  readonly sinceAt: number;
  /** When it was raised. */
  readonly decidedAt: number;
  /** The last full backup at the time of the raise; null if there was none. */
  readonly lastFullBackupAt: number | null;
  /** The maximum age at the time of the raise. */
  readonly alertPeriodMs: number;
  /** The sequence number of the raise. */
  readonly sequence: number;
}

/** What is kept of an engine between two decisions. It has at most one alert. */
export interface EngineAlertState {
  readonly active: ActiveAlert | null;
  /** The sequence number of the engine's last event, 0 before the first. It outlives alerts and retirement. */
  readonly lastSequence: number;
}

/** The state of an engine that has had no alert. */
export const NO_ALERT_YET: EngineAlertState = { active: null, lastSequence: 0 };
