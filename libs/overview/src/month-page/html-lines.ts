import { createHash } from 'node:crypto';
import type { MonthReportDocument } from '../documents/index.js';
import { visible } from '../words/visible-text.js';
import { COLUMNS, dismissalsInWords, notes, reportRows } from './report-cells.js';

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem; color: #151515; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid #c7c7c7; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
tfoot td { font-weight: bold; border-top: 2px solid #151515; border-bottom: 0; }
@page { size: A4 landscape; margin: 15mm; }
@media print {
  body { margin: 0; font-size: 9pt; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  tr { break-inside: avoid; }
}`;

const STYLE_ELEMENT = `\n${STYLE.trim()}\n`;

/** The Content-Security-Policy of the page: nothing but its own style. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE_ELEMENT).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** One self-contained page without scripts, for screen and print. */
export function htmlLines(document: MonthReportDocument): string[] {
  const [when = '', ...explanations] = notes(document);
  const rows = reportRows(document);
  const title = `Backup coverage ${document.month}`;
  const dismissals = dismissalsInWords(document);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(title)}</title>`,
    '<style>',
    ...STYLE_ELEMENT.trim().split('\n'),
    '</style>',
    '</head>',
    '<body>',
    `<h1>${escaped(title)}</h1>`,
    '<table>',
    `<caption>${escaped(when)}</caption>`,
    `<thead>${row('th', COLUMNS)}</thead>`,
    '<tbody>',
    ...rows.slice(0, -1).map((cells) => row('td', cells)),
    '</tbody>',
    `<tfoot>${row('td', rows.at(-1) ?? [])}</tfoot>`,
    '</table>',
    ...(dismissals.length > 0
      ? [
          '<h2>Dismissed alerts</h2>',
          '<ul>',
          ...dismissals.map((one) => `<li>${escaped(one)}</li>`),
          '</ul>',
        ]
      : []),
    ...explanations.map((one) => `<p>${escaped(one)}</p>`),
    '</body>',
    '</html>',
  ];
}

function row(element: 'th' | 'td', cells: readonly string[]): string {
  const attribute = element === 'th' ? ' scope="col"' : '';
  return `<tr>${cells.map((cell) => `<${element}${attribute}>${escaped(cell)}</${element}>`).join('')}</tr>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Data as text of a page, its control characters made visible. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
