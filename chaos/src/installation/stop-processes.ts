import { readFileSync, readdirSync } from 'node:fs';

/** Stops a process and all its descendants by SIGSTOP. @returns a function that lets them go on */
export function stopProcesses(pid: number): () => void {
  // The parent first: then it starts no child that is not stopped.
  process.kill(pid, 'SIGSTOP');
  const pids = [pid, ...childrenOf(pid)];
  pids.forEach((one) => process.kill(one, 'SIGSTOP'));
  return () => pids.forEach((one) => process.kill(one, 'SIGCONT'));
}

/** All descendants of a process. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((text) => text.trim() !== '')
      .flatMap((text) => [Number(text), ...childrenOf(Number(text))]),
  );
}
