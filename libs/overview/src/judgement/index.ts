export { checkTiming, type CheckTiming } from './check-timing.js';
export { explainDecision, type Effect, type Explanation } from './explain-decision.js';
export { isEngineOrder, listEngines, type EngineOrder, type EnginesPage } from './engines-page.js';
export { judgeFleet, wallOf, type FleetOverview, type WallCell } from './fleet-overview.js';
export { figuresOf, type Figure } from './figures.js';
export type { Fact, Finding, FindingKind, FindingOf } from './findings.js';
export {
  certainFullBackupAt,
  fleetFigures,
  isCertain,
  type FleetFigures,
  type Verdict,
} from './fleet.js';
export { whatComesNext, type FullBackupScope, type WhatComesNext } from './what-comes-next.js';
export { forecast, type Forecast } from './forecast.js';
export {
  judgeHeartbeat,
  PROOF_LASTS_MS,
  type HeartbeatJudgement,
  type UnprovenStage,
} from './judge-heartbeat.js';
export {
  coveredPercent,
  sumUp,
  type EngineReport,
  type MonthReport,
  type TotalReport,
} from './month-report.js';
export { readMonthReport } from './read-month-report.js';
export {
  pastSpan,
  periodsOf,
  previewNow,
  previewPast,
  proposedChange,
  type NowPreview,
  type PastRaises,
  type ProposedChange,
} from './preview.js';
export { verdictAt, type VerdictAt } from './verdict-at.js';
export {
  comparePlaces,
  placeOf,
  standingOf,
  STANDINGS,
  worstFirst,
  type Place,
  type Standing,
} from './worst-first.js';
export {
  failingDestinations,
  fillingQueues,
  judgeProduct,
  unservedDestinations,
  type Judgement,
  type OverviewState,
  type ProductView,
} from './judge-product.js';
export { readPreview, type ReadPreview } from './read-preview.js';
