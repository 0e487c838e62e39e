/** Where to read more, if configured. */
export interface Links {
  /** The console's URL, without a trailing slash. */
  readonly console: string | undefined;
  /** The URL of the runbooks, without a trailing slash. */
  readonly runbooks: string | undefined;
}

export function engineLink({ console }: Links, fqdn: string): string | undefined {
  return console === undefined ? undefined : `${console}/engines/${encodeURIComponent(fqdn)}`;
}

/** The annotation that is common in Alertmanager. */
export function runbookLink({ runbooks }: Links, name: string): { runbook_url?: string } {
  return runbooks === undefined ? {} : { runbook_url: `${runbooks}/${name}.md` };
}
