/** What helps, as data: a command to run as it is, or what else to do where no command can help. */
export type Remedy =
  | { readonly kind: 'command'; readonly command: string }
  /** How the difference is removed, as the comparison with the broker says it. */
  | { readonly kind: 'as_told'; readonly text: string }
  | {
      readonly kind: 'start_server';
      readonly product: 'PostgreSQL' | 'RabbitMQ';
      readonly variable: string;
    }
  | { readonly kind: 'start_service'; readonly name: string }
  | { readonly kind: 'see_reason' }
  | { readonly kind: 'see_check'; readonly check: string }
  | { readonly kind: 'set_variables'; readonly names: readonly string[] }
  | { readonly kind: 'as_administrator' }
  | { readonly kind: 'name_services' }
  | { readonly kind: 'set_clock'; readonly then?: string }
  | { readonly kind: 'set_host_clock'; readonly fqdn: string }
  | { readonly kind: 'renew_certificate'; readonly of: string }
  | { readonly kind: 'end_alarm'; readonly resource: string }
  | { readonly kind: 'free_space'; readonly place: string }
  | { readonly kind: 'on_host'; readonly fqdn: string; readonly command: string }
  | { readonly kind: 'upgrade'; readonly product: string }
  | { readonly kind: 'restart_services' }
  | { readonly kind: 'report_again' }
  | { readonly kind: 'start_notifier' }
  | { readonly kind: 'see_destination'; readonly destination: string };

export function command(...words: readonly string[]): Remedy {
  return { kind: 'command', command: words.join(' ') };
}

/** A word as the shell takes it. */
export function quoted(word: string): string {
  return /^[\w.:@%+=,/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export const APPLY_DATABASE = command('backup-awareness database apply');
