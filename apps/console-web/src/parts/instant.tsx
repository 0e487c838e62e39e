import { Content } from '@patternfly/react-core';
import { createContext, useContext } from 'react';
import { formatExact, formatRelative } from '../time/format.js';
import { useOfNow } from '../time/now.js';
import { Tip } from './tip.js';

/** From which instant ages are counted, in milliseconds; undefined: from the present one. For what shows the past. */
export const AgesFrom = createContext<number | undefined>(undefined);

/** An instant as people ask for it, `3 h 12 min ago`, and in full on hover and focus, with the time zone. */
export function Instant({ at }: { readonly at: string }) {
  const relative = useRelative(at);
  return (
    <Tip content={formatExact(at)}>
      <time dateTime={at} tabIndex={0}>
        {relative}
      </time>
    </Tip>
  );
}

/** An instant in full, and as people ask for it below: for tables, where a tooltip for each would be a stop of the tab key in every row. */
export function ExactInstant({ at }: { readonly at: string }) {
  return (
    <>
      <time dateTime={at}>{formatExact(at)}</time>
      <Content component="small">{useRelative(at)}</Content>
    </>
  );
}

function useRelative(at: string): string {
  const from = useContext(AgesFrom);
  return useOfNow((now) => formatRelative(at, from ?? now));
}
