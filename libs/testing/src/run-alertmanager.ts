import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** A real Alertmanager. */
export interface RunningAlertmanager {
  readonly url: string;
  /** Its active alerts. */
  active(): Promise<{ labels: Record<string, string>; startsAt: string }[]>;
  /** Ends it (by default gracefully) and starts it again with its data on disk, which does not include alerts. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** Clustered Alertmanagers that notify `receiverUrl` within a second or two. Needs the program `prometheus-alertmanager`. */
export async function runAlertmanagers(
  count: number,
  receiverUrl: string,
): Promise<RunningAlertmanager[]> {
  const ports: { readonly http: number; readonly cluster: number }[] = [];
  for (let i = 0; i < count; i++) ports.push({ http: await freePort(), cluster: await freePort() });
  return Promise.all(
    ports.map((own) =>
      run(
        own,
        ports.filter((other) => other !== own),
        receiverUrl,
      ),
    ),
  );
}

async function run(
  own: { readonly http: number; readonly cluster: number },
  others: readonly { readonly cluster: number }[],
  receiverUrl: string,
): Promise<RunningAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, configuration(receiverUrl));
  const url = `http://127.0.0.1:${own.http}`;
  let child: ChildProcess;

  async function start(): Promise<void> {
    child = spawn(
      'prometheus-alertmanager',
      [
        `--config.file=${config}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${own.http}`,
        `--cluster.listen-address=127.0.0.1:${own.cluster}`,
        `--cluster.advertise-address=127.0.0.1:${own.cluster}`,
        ...others.map(({ cluster }) => `--cluster.peer=127.0.0.1:${cluster}`),
        '--cluster.peer-timeout=1s',
        '--cluster.settle-timeout=1s',
      ],
      { stdio: 'ignore' },
    );
    await eventually(async () => {
      const response = await fetch(`${url}/-/ready`);
      if (!response.ok) throw new Error(`answered ${response.status}`);
    }, 30_000);
  }

  const end = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });

  await start();
  return {
    url,
    active: async () => {
      const response = await fetch(`${url}/api/v2/alerts?active=true`);
      return (await response.json()) as { labels: Record<string, string>; startsAt: string }[];
    },
    // It writes its notification log when it stops normally.
    restart: async (signal = 'SIGTERM') => {
      await end(signal);
      await start();
    },
    stop: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const configuration = (receiverUrl: string) => `
route:
  receiver: test
  group_by: ['alertname']
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: test
    webhook_configs:
      - url: ${receiverUrl}
        send_resolved: true
`;
