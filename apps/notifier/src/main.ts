import 'reflect-metadata';
import { runService } from '@backup-awareness/service';
import { NOTIFIER_VARIABLES } from './notifier-configuration.js';
import { NotifierModule } from './notifier.module.js';

await runService({
  name: 'notifier',
  variables: NOTIFIER_VARIABLES,
  module: (configuration) => NotifierModule.configured(configuration),
  transports: [],
});
