const CLOSE_WITHIN_MS = 2_000;

/** Closes a connection; waits at most two seconds, since a broker that hangs never answers. */
export async function closeWithin(connection: { close(): Promise<void> }): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WITHIN_MS);
  });
  const closed = connection.close().catch(() => undefined);
  await Promise.race([closed, tooLate]).finally(() => clearTimeout(timer));
}
