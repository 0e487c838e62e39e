export { alertsListDocument, alertsListSchema, type AlertsListDocument } from './alerts-list.js';
export { auditDocument, auditRowDocument, auditSchema, type AuditRowDocument } from './audit.js';
export { checkDocument, checkSchema, type CheckDocument } from './check.js';
export {
  deadLetterDocument,
  deadLetterSchema,
  deadLettersListDocument,
  deadLettersListSchema,
  type DeadLetterDocument,
  type DeadLettersListDocument,
} from './dead-letters.js';
export {
  enginesListDocument,
  enginesListSchema,
  engineSchema,
  type EngineDocument,
} from './engine.js';
export { explainDocument, explainSchema, type ExplainDocument, type Explained } from './explain.js';
export { outboxListDocument, outboxListSchema, type OutboxListDocument } from './outbox-list.js';
export {
  statusDocument,
  statusSchema,
  type StatusDocument,
  type StatusSentences,
} from './status.js';
