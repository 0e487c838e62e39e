/** The value of `<input type="datetime-local">` for an instant, in the reader's zone; empty for none. */
export function inputOf(instant: string | undefined): string {
  const at = new Date(instant ?? NaN);
  if (Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant that was entered in the reader's zone; undefined for none. */
export function instantOf(input: string): string | undefined {
  const at = new Date(input);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The reader's zone as people name it: `Europe/Prague`. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
