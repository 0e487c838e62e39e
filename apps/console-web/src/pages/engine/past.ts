const MINUTE_MS = 60_000;

/** An instant as `<input type="datetime-local">` has it, in the browser's zone. @param at in milliseconds */
export function toLocalInput(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

/** RFC 3339 in UTC; undefined while the text is no instant. */
export function fromLocalInput(text: string): string | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : instantText(date.getTime());
}

/** To the second, without the zeros after it: addresses are to be read. */
export function instantText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The browser's zone, as `Europe/Prague`. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
