import type { ReactNode } from 'react';
import type { Answer } from '../../api/use-answer.js';
import { EngineLink } from '../../parts/engine-link.js';
import { Instant } from '../../parts/instant.js';
import { words } from '../../words/words.js';

const { trust, nextToTurn, nothingTurns } = words.overview;

/** Which engine turns next if nothing arrives. */
export function NextToTurn({ overview }: { readonly overview: Answer<'/overview'> }) {
  const next = overview.next_to_turn;
  if (overview.counts.watched === 0) return null;
  if (!next) return <div>{nothingTurns}</div>;
  return (
    <div>
      {nextToTurn} <EngineLink fqdn={next.fqdn} /> <Instant at={next.at} />.
    </div>
  );
}

/** Why it can be believed what is said above. */
export function TrustLine({
  overview,
  children,
}: {
  readonly overview: Answer<'/overview'>;
  readonly children?: ReactNode;
}) {
  const { now, last_check_at: last, next_check_at: next } = overview;
  return (
    <ul className="trust-line" aria-label={trust.label}>
      <li>
        {trust.looked} <Instant at={now} />
      </li>
      <li>
        {last === null ? (
          trust.noCheck
        ) : (
          <>
            {trust.checked} <Instant at={last} />
          </>
        )}
      </li>
      <li>
        {next === null ? (
          trust.noNext
        ) : (
          <>
            {trust.next} <Instant at={next} />
          </>
        )}
      </li>
      {children}
    </ul>
  );
}
