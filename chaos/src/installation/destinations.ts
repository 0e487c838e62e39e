import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runAlertmanagers, type RunningAlertmanager } from '@backup-awareness/testing';
import { NotAvailable } from './installation.js';

/** Where the notifier sends alerts. */
export interface Destinations {
  readonly alertmanager: RunningAlertmanager;
  readonly webhook: Webhook;
  stop(): Promise<void>;
}

/** An event that the webhook has. */
export interface DeliveredEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data: {
    readonly alert_id?: string;
    readonly fqdn?: string;
    readonly sequence?: number;
  };
}

export interface Webhook {
  readonly url: string;
  /** Every event that it has, in order; also those for which it gave no answer. */
  readonly accepted: readonly DeliveredEvent[];
  /** Whether it answers. If not, it closes each connection, and has every other event. */
  isUp: boolean;
}

/** @throws NotAvailable where this machine has no Alertmanager */
export async function startDestinations(): Promise<Destinations> {
  if (spawnSync('prometheus-alertmanager', ['--version']).error)
    throw new NotAvailable('prometheus-alertmanager is not installed');
  const { webhook, close } = await startWebhook();
  // What Alertmanager notifies of is not judged.
  const [alertmanager] = (await runAlertmanagers(1, 'http://127.0.0.1:9')) as [RunningAlertmanager];
  return {
    alertmanager,
    webhook,
    stop: async () => {
      await alertmanager.stop();
      await close();
    },
  };
}

async function startWebhook(): Promise<{ webhook: Webhook; close(): Promise<void> }> {
  const accepted: DeliveredEvent[] = [];
  let unanswered = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const hasIt = webhook.isUp || (unanswered += 1) % 2 === 0;
      if (hasIt) accepted.push(JSON.parse(Buffer.concat(parts).toString()) as DeliveredEvent);
      if (webhook.isUp) response.writeHead(204).end();
      else response.socket?.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const webhook: Webhook = { url: `http://127.0.0.1:${port}/`, accepted, isUp: true };
  return {
    webhook,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
