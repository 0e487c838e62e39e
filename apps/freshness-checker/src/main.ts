import 'reflect-metadata';
import { ReplyTransport } from '@backup-awareness/messaging';
import { runService } from '@backup-awareness/service';
import { CHECKER_VARIABLES } from './checker-configuration.js';
import { FreshnessCheckerModule } from './freshness-checker.module.js';

await runService({
  name: 'freshness-checker',
  variables: CHECKER_VARIABLES,
  module: (configuration) => FreshnessCheckerModule.configured(configuration),
  transports: [ReplyTransport],
});
