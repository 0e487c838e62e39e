/** Where to read more, if configured. */
export interface Links {
  /** The console's URL, without a trailing slash. */
  readonly console: string | undefined;
  /** The URL of the folder docs/runbooks, without a trailing slash. */
  readonly runbooks: string | undefined;
}

export function engineLink({ console }: Links, fqdn: string): string | undefined {
  return console === undefined ? undefined : `${console}/engines/${encodeURIComponent(fqdn)}`;
}

/** Where the runbook of an alert is: a URL, or without RUNBOOK_URL its path in a checkout. */
export function runbookOf({ runbooks }: Links, name: string): string {
  return `${runbooks ?? 'docs/runbooks'}/${name}.md`;
}

/** The runbook as an annotation in Alertmanager: `runbook_url` is the common one, and must be a URL. */
export function runbookAnnotation(links: Links, name: string): Record<string, string> {
  const key = links.runbooks === undefined ? 'runbook' : 'runbook_url';
  return { [key]: runbookOf(links, name) };
}
