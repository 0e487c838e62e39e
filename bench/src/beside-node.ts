import { atMost, type Figure } from './figure.js';
import { run } from './run-program.js';
import { median, spread } from './statistics.js';

const TIMES = 40;

export interface BesideNode {
  readonly name: string;
  /** The process that is measured, in words. */
  readonly what: string;
  readonly target: number;
  /** Runs it to its end, once. @throws where it has not done its work */
  readonly run: () => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** A whole process of ours against `node -e 0`, in milliseconds, by turns, so that both see the same machine. */
export async function measureBesideNode(one: BesideNode): Promise<Figure> {
  const [ours, node]: [number[], number[]] = [[], []];
  for (let time = 0; time < TIMES; time += 1) {
    one.signal.throwIfAborted();
    ours.push(await millisecondsOf(one.run));
    node.push(await millisecondsOf(() => run(process.execPath, ['-e', '0'])));
  }
  return {
    name: one.name,
    what: `ms of ${one.what}, whole process, against node -e 0, median of ${TIMES} each`,
    ours: median(ours),
    other: median(node),
    target: atMost(one.target),
    note: `${spread(ours)} against ${spread(node)}`,
  };
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
