// until the document has it: all of this file's types
export type Queue = 'ingest' | 'audit' | 'unrouted' | 'webhook' | 'ovirt';

export interface ListedLetter {
  readonly id: string;
  readonly queue: Queue;
  readonly reason: string | null;
  readonly path: string | null;
  readonly expected: string | null;
  readonly got: string | null;
  readonly received_at: string | null;
  readonly dead_at: string | null;
  readonly exchange: string;
  readonly routing_key: string;
  readonly message_id: string | null;
  readonly user_id: string | null;
  readonly bytes: number;
}

export interface Letter extends ListedLetter {
  readonly type: string | null;
  readonly content_type: string | null;
  readonly payload: string | null;
  readonly headers: Readonly<Record<string, unknown>> | null;
  readonly lines: readonly { readonly text: string; readonly is_marked: boolean }[];
}

export interface LettersPage {
  readonly items: readonly ListedLetter[];
  readonly next_cursor: string | null;
  readonly total: number;
  readonly groups: readonly {
    readonly queue: Queue;
    readonly reason: string | null;
    readonly count: number;
    readonly oldest_at: string | null;
  }[];
  readonly is_complete: boolean;
  readonly broker_unknown: string | null;
}
