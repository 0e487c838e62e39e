import type { ReactNode } from 'react';
import { FactsInColumns, type Fact } from '../../parts/facts.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Instant } from '../../parts/instant.js';
import { formatCount } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { System } from './answer.js';

const { system: text } = words;

/** What is known of checks and of the outbox; what is not known is said to be so. */
export function ChecksAndEvents({ system }: { readonly system: System }) {
  const { checker, outbox, lag } = system;
  const last = checker?.last_check;
  return (
    <Facts
      facts={[
        [text.schedule, checker && text.checks[checker.checks]],
        [
          text.leader,
          checker && <ForeignText key="leader">{checker.leader ?? text.none}</ForeignText>,
        ],
        [
          text.last,
          last && (
            <>
              <Instant at={last.at} />: {text.checked(last.engines, last.raised, last.cleared)}
            </>
          ),
        ],
        [text.next, at(checker?.next_check_at)],
        [text.eventsPending, outbox && formatCount(outbox.waiting)],
        [text.eventsAside, outbox && formatCount(outbox.set_aside)],
        [text.provenDecision, at(lag?.proven_at.decision) ?? text.never],
        [text.provenRelay, at(lag?.proven_at.relay) ?? text.never],
        [text.provenAudit, at(lag?.proven_at.audit) ?? text.never],
        [text.provenIngest, at(lag?.proven_at.ingest) ?? text.never],
      ]}
    />
  );
}

export function Versions({ versions }: { readonly versions: System['versions'] }) {
  const names = Object.keys(text.products) as (keyof typeof text.products)[];
  return <Facts facts={names.map((name) => [text.products[name], versions[name]])} />;
}

function at(instant: string | null | undefined): ReactNode {
  return instant ? <Instant at={instant} /> : null;
}

function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return <FactsInColumns facts={facts.map(([term, fact]) => [term, fact ?? text.notKnown])} />;
}
