export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

export interface Item {
  readonly text: string;
  readonly detail?: string;
  readonly link?: string | undefined;
}

/** Keeps a mail readable: the command line lists thousands. */
const LISTED_MAX = 20;

const FOOTER =
  'backup-awareness status shows the current status; backup-awareness explain ENGINE shows why.';

/** A mail in plain text and HTML; omits sections without items. */
export function renderMail(subject: string, sections: readonly Section[]): Mail {
  const some = sections.filter(({ items }) => items.length > 0);
  return {
    subject: `Backup Awareness: ${subject}`,
    text: `${some.map(asText).join('\n\n')}\n\n${FOOTER}\n`,
    html: `<!doctype html><html lang="en"><body>${some.map(asHtml).join('')}<p>${escaped(FOOTER)}</p></body></html>`,
  };
}

function shortened({ title, items }: Section): {
  title: string;
  items: readonly Item[];
  more: string;
} {
  const left = items.length - LISTED_MAX;
  const more = left > 0 ? `… and ${left} more: backup-awareness alerts list shows them all.` : '';
  return { title, items: items.slice(0, LISTED_MAX), more };
}

function asText(section: Section): string {
  const { title, items, more } = shortened(section);
  const lines = items.flatMap(({ text, detail, link }) => [
    `- ${text}`,
    ...(detail === undefined ? [] : [`  ${detail}`]),
    ...(link === undefined ? [] : [`  ${link}`]),
  ]);
  return [`${title}:`, '', ...lines, ...(more === '' ? [] : [more])].join('\n');
}

function asHtml(section: Section): string {
  const { title, items, more } = shortened(section);
  const list = items
    .map(({ text, detail, link }) => {
      const head = detail === undefined ? escaped(text) : `<strong>${escaped(text)}</strong>`;
      const linked = link === undefined ? head : `<a href="${escaped(link)}">${head}</a>`;
      return `<li>${linked}${detail === undefined ? '' : `<br>${escaped(detail)}`}</li>`;
    })
    .join('');
  return `<h2>${escaped(title)}</h2><ul>${list}</ul>${more === '' ? '' : `<p>${escaped(more)}</p>`}`;
}

/** Escapes text for HTML, also for attributes. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A number with its noun in the right form. */
export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
