import { Logger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule } from '@nestjs/common';
import {
  readConfiguration,
  type Configuration,
  type ServiceConfiguration,
  type Variables,
} from './configuration.js';
import { httpAdapter } from './http-adapter.js';
import { JsonLogger } from './logger.js';

export interface Service<V extends Variables> {
  readonly name: string;
  readonly variables: V;
  readonly module: (configuration: Configuration<V>) => DynamicModule;
  /** The service's Nest transports, by provider. */
  readonly transports: readonly Type<CustomTransportStrategy>[];
}

const STOP_WITHIN_MS = 20_000;

/**
 * Runs a service: configuration from the environment, HTTP for health and metrics, its transports, and a clean shutdown on SIGTERM or
 * SIGINT.
 *
 * An invalid variable ends the process with one line on standard error and exit code 2. While broker or database are away the service
 * starts, not ready.
 */
export async function runService<V extends Variables>(service: Service<V>): Promise<void> {
  const { configuration, module } = configurationOrExit(service);
  const { LOG_LEVEL, HTTP_HOST, HTTP_PORT } = configuration as unknown as ServiceConfiguration;
  const logger = new JsonLogger(service.name, LOG_LEVEL);
  endOnUnexpected(logger);

  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(), { logger });
  for (const transport of service.transports)
    app.connectMicroservice({ strategy: app.get(transport, { strict: false }) });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  endLateStop(logger);
  await app.startAllMicroservices();
  await app.listen(HTTP_PORT, HTTP_HOST);
  new Logger(service.name).log(`listening on ${await app.getUrl()}`);
}

/** A module refuses variables that are valid only each on its own. */
function configurationOrExit<V extends Variables>(service: Service<V>) {
  try {
    const configuration = readConfiguration(service.variables, process.env);
    return { configuration, module: service.module(configuration) };
  } catch (error) {
    // By its name, as the errors of other packages.
    if (!(error instanceof Error && error.name === 'ConfigurationError')) throw error;
    process.stderr.write(`${service.name}: ${error.message}\n`);
    process.exit(2);
  }
}

/** An error that nothing caught leaves the process in an unknown state: it exits, and its supervisor restarts it. */
function endOnUnexpected(logger: JsonLogger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      logger.fatal(error, event);
      process.exit(1);
    });
}

function endLateStop(logger: JsonLogger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      setTimeout(() => {
        logger.fatal(`shutdown took more than ${STOP_WITHIN_MS / 1000} s`, 'shutdown');
        process.exit(1);
      }, STOP_WITHIN_MS).unref();
    });
}
