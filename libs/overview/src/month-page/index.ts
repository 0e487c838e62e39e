// The month's report for people; must load no schemas.
export { csvLines } from './csv-lines.js';
export { htmlLines, PAGE_POLICY } from './html-lines.js';
export { COLUMNS, dismissalsInWords, notes, reportRows } from './report-cells.js';
export { utcTime } from './utc-time.js';
