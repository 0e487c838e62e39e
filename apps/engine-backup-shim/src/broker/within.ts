/** What `work` resolves with, unless that takes longer. @throws Error that says ETIMEDOUT, as a system's error would */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('ETIMEDOUT')), ms);
  });
  // It may fail later, when nobody waits for it: without a handler that would end the process.
  work.catch(() => undefined);
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
