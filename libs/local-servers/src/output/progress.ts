/** Shows what is being done, at a terminal or in a file. */
export interface Progress {
  /** Announces a step, does it, and says that it is `done` and how long it took. `note` writes a line in between. */
  step<T>(
    title: string,
    work: (note: (text: string) => void) => Promise<T>,
    done?: string,
  ): Promise<T>;
  /** A line of its own. */
  line(text: string): void;
  /** Emphasised on a terminal, plain anywhere else. */
  bold(text: string): string;
}

/** Progress on `stream`: one line a step, with colours only on a terminal. */
export function createProgress(stream: NodeJS.WriteStream = process.stdout): Progress {
  const coloured = stream.isTTY === true && !process.env['NO_COLOR'];
  let openTitle: string | undefined;

  const paint = (code: number, text: string): string =>
    coloured ? `\u001b[${code}m${text}\u001b[0m` : text;
  const line = (text: string): void => {
    stream.write(`${openTitle === undefined ? '' : '\n'}${text}\n`);
    openTitle = undefined;
  };
  const close = (title: string, result: string): void => {
    // Another line or step came in between: the result needs its title again.
    const begin = openTitle === undefined ? '' : '\n';
    stream.write(`${openTitle === title ? '' : `${begin}${title} … `}${result}\n`);
    openTitle = undefined;
  };

  return {
    line,
    bold: (text) => paint(1, text),
    async step(title, work, done = 'ready') {
      const startedAt = performance.now();
      if (openTitle !== undefined) stream.write('\n');
      stream.write(`${title} … `);
      openTitle = title;
      try {
        const result = await work(line);
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        close(title, `${paint(32, done)} (${seconds} s)`);
        return result;
      } catch (error) {
        close(title, isAbort(error) ? 'stopped' : paint(31, 'failed'));
        throw error;
      }
    },
  };
}

/** Progress without output, for tests. */
export const silentProgress: Progress = {
  step: (_title, work) => work(() => undefined),
  line: () => undefined,
  bold: (text) => text,
};

function isAbort(error: unknown): boolean {
  return error instanceof Error ? error.name === 'AbortError' : typeof error === 'string';
}
