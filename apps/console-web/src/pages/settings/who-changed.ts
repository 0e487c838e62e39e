import type { Answer } from '../../api/use-answer.js';

type Row = Pick<Answer<'/audit'>['items'][number], 'fqdn' | 'custom_data'>;

/** Who changed a setting, by the newest row that says so; an engine's own setting is another one. */
export function whoChanged(rows: readonly Row[], name: string): string | undefined {
  for (const { fqdn, custom_data } of rows) {
    const { what, who } = (custom_data ?? {}) as { what?: unknown; who?: unknown };
    if (fqdn === null && what === name && typeof who === 'string') return who;
  }
  return undefined;
}
