export {
  alertsListDocument,
  alertsListSchema,
  alertSchema,
  type AlertsListDocument,
} from './alerts-list.js';
export {
  auditDocument,
  auditRowDocument,
  auditRowSchema,
  auditSchema,
  type AuditRowDocument,
} from './audit.js';
export { checkDocument, checkSchema, type CheckDocument } from './check.js';
export {
  deadLetterDocument,
  deadLetterSchema,
  deadLettersListDocument,
  deadLettersListSchema,
  type AnyDeadLetter,
  type DeadLetterDocument,
  type DeadLettersListDocument,
} from './dead-letters.js';
export { doctorDocument, doctorSchema, type DoctorDocument } from './doctor.js';
export {
  enginesListDocument,
  enginesListSchema,
  engineSchema,
  type EngineDocument,
} from './engine.js';
export {
  engineReportsDocument,
  engineReportsSchema,
  type EngineReportsDocument,
} from './engine-reports.js';
export {
  enginesAddedDocument,
  enginesAddedSchema,
  type EnginesAddedDocument,
} from './engines-added.js';
export {
  explainAtDocument,
  explainAtSchema,
  type ExplainAtDocument,
  type ExplainedAt,
} from './explain-at.js';
export {
  enginesPageDocument,
  enginesPageSchema,
  type EnginesPageDocument,
} from './engines-page.js';
export { overviewDocument, overviewSchema, type OverviewDocument } from './overview.js';
export { explainDocument, explainSchema, type ExplainDocument, type Explained } from './explain.js';
export { forecastDocument, forecastSchema, type ForecastDocument } from './forecast.js';
export {
  monthReportDocument,
  monthReportSchema,
  type EngineReportDocument,
  type MonthReportDocument,
  type TotalReportDocument,
} from './month-report.js';
export {
  ovirtImportDocument,
  ovirtImportSchema,
  type OvirtImportDocument,
} from './ovirt-import.js';
export { previewDocument, previewSchema, type Preview, type PreviewDocument } from './preview.js';
export { outboxListDocument, outboxListSchema, type OutboxListDocument } from './outbox-list.js';
export {
  systemDocument,
  systemSchema,
  type Known,
  type SystemDocument,
  type SystemView,
} from './system.js';
export {
  statusDocument,
  statusSchema,
  type StatusDocument,
  type StatusSentences,
} from './status.js';
export { wallDocument, wallSchema, type WallDocument } from './wall.js';
