import type { Parameters } from '../../api/use-answer.js';

type Query = NonNullable<Parameters<'/engines'>['query']>;

export const VERDICTS = ['no_full_backup', 'too_old', 'unknown', 'fresh', 'retired'] as const;
export const SORTS = ['worst', 'fqdn', 'age'] as const;

/** Which engines are listed, and in which order: what the address says. */
export interface Filter {
  readonly search: string;
  readonly verdict: (typeof VERDICTS)[number] | undefined;
  readonly sort: (typeof SORTS)[number];
  /** Ages as a share of what is allowed. */
  readonly shareFrom: string | undefined;
  readonly shareBelow: string | undefined;
}

const SHARE = /^\d{1,6}(\.\d{1,6})?$/;

/** What the address says; what makes no sense in it is left out. */
export function filterOf(address: URLSearchParams): Filter {
  const share = (name: string) => {
    const text = address.get(name) ?? '';
    return SHARE.test(text) ? text : undefined;
  };
  return {
    search: address.get('search') ?? '',
    verdict: VERDICTS.find((one) => one === address.get('verdict')),
    sort: SORTS.find((one) => one === address.get('sort')) ?? 'worst',
    shareFrom: share('share_from'),
    shareBelow: share('share_below'),
  };
}

/** The filter as the API's query, and as the address, which has no more than differs from the list of all. */
export function queryOf({ search, verdict, sort, shareFrom, shareBelow }: Filter): Query {
  return {
    ...(search.trim() !== '' && { search: search.trim() }),
    ...(verdict && { verdict }),
    ...(sort !== 'worst' && { sort }),
    ...(shareFrom !== undefined && { share_from: shareFrom }),
    ...(shareBelow !== undefined && { share_below: shareBelow }),
  };
}

/** Whether some engines may be left out. */
export function isFiltered({ search, verdict, shareFrom, shareBelow }: Filter): boolean {
  return (
    search.trim() !== '' ||
    verdict !== undefined ||
    shareFrom !== undefined ||
    shareBelow !== undefined
  );
}
