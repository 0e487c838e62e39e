import 'reflect-metadata';
import { runService } from '@backup-awareness/service';
import { fileURLToPath } from 'node:url';
import { CONSOLE_VARIABLES } from './console-configuration.js';
import { ConsoleModule } from './console.module.js';

/** Beside the program, where `apps/console-web/bundle.mjs` puts it. */
const PAGE = fileURLToPath(new URL('page', import.meta.url));

await runService({
  name: 'console',
  variables: CONSOLE_VARIABLES,
  module: (configuration) => ConsoleModule.configured(configuration, PAGE),
  transports: [],
});
