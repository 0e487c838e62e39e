/** What a spreadsheet interprets as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** One cell: a leading apostrophe keeps a spreadsheet from running a formula; a text with separators is quoted. */
export function csvCell(value: string | number | null): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
