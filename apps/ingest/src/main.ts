import 'reflect-metadata';
import { BatchTransport, ReplyTransport } from '@backup-awareness/messaging';
import { runService } from '@backup-awareness/service';
import { INGEST_VARIABLES } from './ingest-configuration.js';
import { IngestModule } from './ingest.module.js';

await runService({
  name: 'ingest',
  variables: INGEST_VARIABLES,
  module: (configuration) => IngestModule.configured(configuration),
  transports: [BatchTransport, ReplyTransport],
});
