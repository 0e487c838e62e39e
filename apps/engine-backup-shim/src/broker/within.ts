/** Waits for `work`, but no longer than `ms`. @throws Error with the message ETIMEDOUT, like a system error */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('ETIMEDOUT')), ms);
  });
  // A rejection after the time limit must not end the process.
  work.catch(() => undefined);
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
