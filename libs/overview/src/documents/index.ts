export { alertsListDocument, alertsListSchema, type AlertsListDocument } from './alerts-list.js';
export { auditDocument, auditRowDocument, auditSchema, type AuditRowDocument } from './audit.js';
export { checkDocument, checkSchema, type CheckDocument } from './check.js';
export {
  enginesListDocument,
  enginesListSchema,
  engineSchema,
  type EngineDocument,
} from './engine.js';
export { explainDocument, explainSchema, type ExplainDocument, type Explained } from './explain.js';
export {
  statusDocument,
  statusSchema,
  type StatusDocument,
  type StatusSentences,
} from './status.js';
