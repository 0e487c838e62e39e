export { readAlertsAt, type AlertAt } from './alerts-at.js';
export type { AuditedEvent } from './audited-changes.js';
export { readEngineHistories, readEngineHistory, type KnownHistory } from './engine-histories.js';
export { readHistoryBasis, type HistoryBasis, type UnrecordedChange } from './history-basis.js';
export { readLatestChangeAgoMs } from './latest-change.js';
export { readSpanFigures, type SpanFigures } from './span-figures.js';
