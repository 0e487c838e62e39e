import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, userEnvironment } from '@backup-awareness/testing';
import { stringify } from 'yaml';

export interface PrometheusRule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly lastError?: string;
  /** Of an alert: `inactive`, `pending` or `firing`. */
  readonly state?: string;
}

/** A real Prometheus. */
export interface RunningPrometheus {
  /** The number of series that a query returns now. @throws if it is refused */
  count(query: string): Promise<number>;
  rules(): Promise<PrometheusRule[]>;
  stop(): Promise<void>;
}

/** Starts Prometheus with this configuration. */
export async function runPrometheus(configuration: object): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, stringify(configuration));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: userEnvironment() },
  );
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus has ended: ${output}`);
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
  }, 60_000);

  async function get<T>(path: string): Promise<T> {
    const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as Answer<T>;
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }

  return {
    count: async (query) => {
      const path = `query?query=${encodeURIComponent(query)}`;
      return (await get<{ result: unknown[] }>(path)).result.length;
    },
    rules: async () => {
      const { groups } = await get<{ groups: { rules: PrometheusRule[] }[] }>('rules');
      return groups.flatMap(({ rules }) => rules);
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

interface Answer<T> {
  readonly status: string;
  readonly error?: string;
  readonly data: T;
}

/** Runs `promtool`. @returns its exit code and all its output */
export function promtool(args: readonly string[], input = ''): { code: number; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { code: status ?? NaN, output: stdout + stderr };
}
