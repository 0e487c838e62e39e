/** What `work` resolves with, unless that takes longer. @throws Error that says ETIMEDOUT, as a system's error would */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('ETIMEDOUT')), ms);
  });
  // Whatever becomes of it later is nobody's business any more.
  work.catch(() => undefined);
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
