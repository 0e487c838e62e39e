import { formatExact, formatRelative } from '../time/format.js';
import { useOfNow } from '../time/now.js';
import { Tip } from './tip.js';

/** An instant as people ask for it, `3 h 12 min ago`, and in full on hover and focus, with the time zone. */
export function Instant({ at }: { readonly at: string }) {
  const relative = useOfNow((now) => formatRelative(at, now));
  return (
    <Tip content={formatExact(at)}>
      <time dateTime={at} tabIndex={0}>
        {relative}
      </time>
    </Tip>
  );
}
