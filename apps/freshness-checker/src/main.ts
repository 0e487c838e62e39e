import 'reflect-metadata';
import { runService, SERVICE_VARIABLES } from '@backup-awareness/service';
import { FreshnessCheckerModule } from './freshness-checker.module.js';

await runService({
  name: 'freshness-checker',
  variables: SERVICE_VARIABLES,
  module: (configuration) => FreshnessCheckerModule.configured(configuration),
  transports: [],
});
