/** A variable that `npm test` sets. @throws with what to do if it is missing */
export function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(
    `${name} is not set: run the tests with npm test, which starts a broker and a database`,
  );
}
