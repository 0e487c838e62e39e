import { Link } from 'react-router';
import { useAnswer, type Answer } from '../../api/use-answer.js';
import { EngineLink } from '../../parts/engine-link.js';
import { Instant } from '../../parts/instant.js';
import { words } from '../../words/words.js';
import { receivedOf } from './stored.js';

/** A reading of the broker, which sends no event when a message arrives. */
const ASK_EVERY_MS = 15_000;
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
export function TrustLine({ overview }: { readonly overview: Answer<'/overview'> }) {
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
      <Stored />
    </ul>
  );
}

/** Whether what was received is stored, and what waits for somebody. */
function Stored() {
  const { data, error } = useAnswer('/system', {}, { refetchInterval: ASK_EVERY_MS });
  // In its place from the start, so that nothing moves when it comes.
  if (!data && !error) return <li>{trust.storedToCome}</li>;
  const received = data && !error ? receivedOf(data) : undefined;
  if (!received) return <li>{trust.storedUnknown}</li>;
  const { waiting, notStored, deadLetters } = received;
  const isStored = waiting === 0 && notStored === 0;
  return (
    <>
      {isStored && <li>{trust.stored}</li>}
      {waiting > 0 && <li>{trust.waiting(waiting)}</li>}
      {notStored > 0 && <li>{trust.notStored(notStored)}</li>}
      {deadLetters > 0 && (
        <li>
          <Link to="/dead-letters">{trust.deadLetters(deadLetters)}</Link>
        </li>
      )}
    </>
  );
}
