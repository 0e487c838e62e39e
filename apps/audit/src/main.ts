import 'reflect-metadata';
import { BatchTransport } from '@backup-awareness/messaging';
import { runService, SERVICE_VARIABLES } from '@backup-awareness/service';
import { AuditModule } from './audit.module.js';

await runService({
  name: 'audit',
  variables: SERVICE_VARIABLES,
  module: (configuration) => AuditModule.configured(configuration),
  transports: [BatchTransport],
});
