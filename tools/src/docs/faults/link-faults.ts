import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The relative links of documents that lead nowhere: the file is missing, or has no such heading.
 *
 * @param documents paths in the checkout
 * @returns a sentence for each
 */
export function linkFaults(checkout: string, documents: readonly string[]): string[] {
  return documents.flatMap((document) =>
    linksOf(textOf(join(checkout, document)))
      .filter((link) => !/^[a-z]+:/i.test(link))
      .filter((link) => !leadsSomewhere(join(checkout, document), link))
      .map(
        (link) => `${relative(checkout, join(checkout, document))}: the link ${link} leads nowhere`,
      ),
  );
}

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? document : join(dirname(document), decodeURIComponent(path));
  if (!existsSync(target)) return false;
  return heading === undefined || anchorsOf(textOf(target)).has(heading);
}

/** The text without code, in which a bracket is no link and a number sign no heading. */
function textOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/^( *)```.*?^\1```/gms, '');
}

function linksOf(text: string): string[] {
  const withoutCode = text.replace(/`[^`\n]*`/g, '');
  return [...withoutCode.matchAll(/\]\(([^()\s]+)\)/g)].map(([, link]) => link!);
}

/** The anchors of headings, as GitHub names them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
