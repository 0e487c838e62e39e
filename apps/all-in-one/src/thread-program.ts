import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { errorText } from '@backup-awareness/contracts/plain';
import type { Answer } from './thread.js';

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly port: MessagePort;
}

const functions = (await import(workerData as string)) as Record<
  string,
  (...args: readonly unknown[]) => Promise<unknown>
>;

parentPort!.on('message', ({ name, args, port }: Call) => {
  functions[name]!(...args)
    .then((result): Answer => ({ result }))
    .catch((error: unknown): Answer => ({ error: copyOf(error) }))
    .then((answer) => port.postMessage(answer));
});

/** Copying an error itself would lose its name, and with it its class. */
function copyOf(error: unknown) {
  const { name, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message: errorText(error), stack: stack ?? '' };
}
