import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { arrivedReports } from './arrived-reports.js';
import { brokerKeys, createEngineHost, type EngineHost } from './engine-host.js';

/**
 * Gives all tests of a file one broker, and each test an engine host of its own that reports to it, with nothing in ingest's queue.
 *
 * @param fqdn in the host's configuration
 * @param onReady called before each test
 */
export function useEngineHost(
  fqdn: string,
  onReady: (given: { readonly broker: TestBroker; readonly host: EngineHost }) => void,
): void {
  let broker: TestBroker | undefined;
  let host: EngineHost | undefined;
  beforeAll(async () => {
    broker = await createTestBroker();
  });
  afterAll(() => broker?.drop());
  beforeEach(async () => {
    await arrivedReports(broker!);
    host = createEngineHost();
    host.configure({ ...brokerKeys(broker!.amqpUrl), FQDN: fqdn });
    onReady({ broker: broker!, host });
  });
  afterEach(() => host?.remove());
}
