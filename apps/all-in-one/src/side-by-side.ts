/**
 * Waits until all of these have settled, even when one has failed: nothing may be spawned after the caller has begun to stop
 * everything. `giveUp` is called when one fails, and makes the others end.
 *
 * @throws the first failure; later ones are due to `giveUp`
 */
export async function sideBySide<Results extends readonly unknown[]>(
  works: { readonly [Index in keyof Results]: Promise<Results[Index]> },
  giveUp: () => void,
): Promise<Results> {
  const failures: unknown[] = [];
  const outcomes = await Promise.all(
    works.map((work) =>
      work.catch((reason: unknown) => {
        failures.push(reason);
        giveUp();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return outcomes as unknown as Results;
}
