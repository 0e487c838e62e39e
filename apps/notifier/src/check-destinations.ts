import { ConfigurationError, readConfiguration } from '@backup-awareness/service/configuration';
import { DESTINATION_VARIABLES } from './notifier-configuration.js';

/** Reads the variables of the destinations. If one is invalid, says so in one line on standard error, and ends with exit code 2. */
try {
  readConfiguration(DESTINATION_VARIABLES, process.env);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
