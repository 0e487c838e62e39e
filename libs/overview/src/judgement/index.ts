export { checkTiming, type CheckTiming } from './check-timing.js';
export { explainDecision, type Effect, type Explanation } from './explain-decision.js';
export { failedRunsOfFullBackup } from './failed-runs-of-full-backup.js';
export { figuresOf, type Figure } from './figures.js';
export type { Fact, Finding, FindingKind, FindingOf } from './findings.js';
export {
  fillingQueues,
  judgeProduct,
  type Judgement,
  type OverviewState,
  type ProductView,
} from './judge-product.js';
