import { useSearchParams } from 'react-router';
import { SPANS_DAYS } from './spans.js';

const DAYS_BY_DEFAULT = 90;

/** What of the engine's page is in its address, so that it can be sent to others. */
export function useEngineAddress() {
  const [params, setParams] = useSearchParams();
  const set = (name: string, value: string | null) =>
    setParams(
      (former) => {
        const next = new URLSearchParams(former);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { preventScrollReset: true, replace: name !== 'at' },
    );
  const days = Number(params.get('days'));
  return {
    /** The past instant that is looked at; null: now. */
    at: params.get('at'),
    goTo: (at: string | null) => set('at', at),
    days: SPANS_DAYS.find((each) => each === days) ?? DAYS_BY_DEFAULT,
    setDays: (each: number) => set('days', each === DAYS_BY_DEFAULT ? null : String(each)),
    isTable: params.get('show') === 'table',
    setTable: (isTable: boolean) => set('show', isTable ? 'table' : null),
  };
}
