/** Where more is to be read, as far as the installation says. */
export interface Links {
  /** The console's page, without a slash at its end. */
  readonly console: string | undefined;
  /** Where the runbooks are, without a slash at its end. */
  readonly runbooks: string | undefined;
}

export function engineLink({ console }: Links, fqdn: string): string | undefined {
  return console === undefined ? undefined : `${console}/engines/${encodeURIComponent(fqdn)}`;
}

/** The annotation that Alertmanager's users know. */
export function runbookLink({ runbooks }: Links, name: string): { runbook_url?: string } {
  return runbooks === undefined ? {} : { runbook_url: `${runbooks}/${name}.md` };
}
