/** The two alerts of freshness, as the contract names them. */
export type FreshnessAlert = 'ENGINE_NO_FULL_BACKUP' | 'ENGINE_NO_WARM_BACKUP';

/** An alert that was raised and not cleared yet. Instants are whole milliseconds since 1970. */
export interface ActiveAlert {
  readonly alertId: string;
  readonly alert: FreshnessAlert;
  /** When it became true. */
  readonly sinceAt: number;
  /** When it was raised. */
  readonly decidedAt: number;
  /** The last full backup as it was at the raise; null if there was none. */
  readonly lastFullBackupAt: number | null;
  /** The longest age allowed as it was at the raise. */
  readonly alertPeriodMs: number;
  /** The raise's own number. */
  readonly sequence: number;
}

/** What is remembered of one engine between two decisions. There is room for one alert of freshness only; those about runs stand with their runs. */
export interface EngineAlertState {
  readonly active: ActiveAlert | null;
  /** The number of the engine's last event, of whichever alert, 0 before its first. It outlives alerts and retirement. */
  readonly lastSequence: number;
}

/** The state of an engine that never had an alert. */
export const NO_ALERT_YET: EngineAlertState = { active: null, lastSequence: 0 };
