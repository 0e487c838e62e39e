import 'reflect-metadata';
import { runService } from '@backup-awareness/service';
import { CONSOLE_VARIABLES } from './console-configuration.js';
import { ConsoleModule } from './console.module.js';

await runService({
  name: 'console',
  variables: CONSOLE_VARIABLES,
  module: (configuration) => ConsoleModule.configured(configuration),
  transports: [],
});
