/**
 * Waits until each of these has settled, also when one has failed: nothing may be spawned behind the back of whoever
 * stops them all. `giveUp` is called as soon as one has failed, to have the others end.
 *
 * @throws what the first to fail failed with; what fails after it does so because it was told to give up
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
