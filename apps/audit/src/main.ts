import 'reflect-metadata';
import { BatchTransport } from '@backup-awareness/messaging';
import { runService } from '@backup-awareness/service';
import { AUDIT_VARIABLES } from './audit-configuration.js';
import { AuditModule } from './audit.module.js';

await runService({
  name: 'audit',
  variables: AUDIT_VARIABLES,
  module: (configuration) => AuditModule.configured(configuration),
  transports: [BatchTransport],
});
