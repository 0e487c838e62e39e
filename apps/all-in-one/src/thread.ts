import { MessageChannel, Worker } from 'node:worker_threads';

/** Functions whose arguments and results can be copied. */
type Functions = Record<string, (...args: never[]) => Promise<unknown>>;

/** A module that is loaded in a thread of its own: what it loads takes no memory after the thread's end. */
export interface Thread<Module extends Functions> {
  /**
   * Calls a function that the module exports.
   *
   * @throws an error with the name, text and stack of the function's own; or if the thread ends before the function does
   */
  call<Name extends keyof Module & string>(
    name: Name,
    ...args: Parameters<Module[Name]>
  ): ReturnType<Module[Name]>;
  /** Ends the thread, and with it what it does. */
  close(): Promise<void>;
}

export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string; readonly stack: string } };

/**
 * Starts loading the module at once.
 *
 * @param onLine gets what the module's functions say meanwhile: they post it, a string each, to `parentPort`
 */
export function openThread<Module extends Functions>(
  module: URL,
  onLine: (line: string) => void = () => undefined,
): Thread<Module> {
  const worker = new Worker(new URL('./thread-program.js', import.meta.url), {
    workerData: module.href,
  });
  worker.on('message', onLine);
  const ended = new Promise<never>((_resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`the thread of ${module.pathname} has ended`)));
  });
  ended.catch(() => undefined);
  const call = async (name: string, ...args: unknown[]): Promise<unknown> => {
    const { port1, port2 } = new MessageChannel();
    try {
      const answered = new Promise<Answer>((resolve) => port1.once('message', resolve));
      worker.postMessage({ name, args, port: port2 }, [port2]);
      const answer = await Promise.race([answered, ended]);
      if ('error' in answer) throw Object.assign(new Error(answer.error.message), answer.error);
      return answer.result;
    } finally {
      port1.close();
    }
  };
  return {
    // What is called has the types that the module says.
    call: call as never,
    async close() {
      await worker.terminate();
    },
  };
}
