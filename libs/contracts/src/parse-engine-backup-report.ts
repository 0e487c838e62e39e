import { readReport, type EngineBackupReport } from './engine-backup-report.js';
import { readEnvelope } from './envelope.js';
import { readPlainReport } from './plain-report.js';
import type { ReceivedMessage } from './received-message.js';
import { accept, type Result } from './result.js';

/** Parses a message as a report of engine-backup; a refusal says what is wrong with it, for a person. */
export function parseEngineBackupReport(message: ReceivedMessage): Result<EngineBackupReport> {
  const plain = readPlainReport(message);
  if (plain) return accept(plain);
  const envelope = readEnvelope(message);
  return envelope.ok ? readReport(message, envelope.value) : envelope;
}
