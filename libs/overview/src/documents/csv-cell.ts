import { visible } from '../words/visible-text.js';

/** What a spreadsheet interprets as a formula. */
const FORMULA = /^[=+\-@]/;

/**
 * One cell, in one line: what a spreadsheet would interpret or not show is visible, as on a terminal; a leading apostrophe keeps it from
 * running a formula; a text with separators is quoted.
 */
export function csvCell(value: string | number | null): string {
  if (typeof value === 'number') return String(value);
  const text = visible(value ?? '');
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
