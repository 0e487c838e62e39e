import { Facts, type Fact } from '../../parts/facts.js';
import { words } from '../../words/words.js';

const said = words.subscribe.facts;

/** Names that a subscriber needs. */
export function ConnectFacts({ name }: { readonly name: string }) {
  const facts: Fact[] = [
    [said.exchange, <code key="exchange">ovirt.backup-alerts</code>],
    [
      said.queue,
      <>
        <code>subscriber.{name}</code>, {said.queueKind}
      </>,
    ],
    [
      said.binding,
      <>
        <code>#</code> {said.bindingAll}; <code>*.ENGINE_NO_FULL_BACKUP</code> {said.bindingOne}
      </>,
    ],
    [
      said.ask,
      <>
        <code>ACTIVE_ALERTS_REQUESTED</code> {said.askText}
      </>,
    ],
    [said.format, said.formatText],
  ];
  return <Facts facts={facts} />;
}
