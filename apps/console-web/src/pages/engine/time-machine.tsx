import { Alert, Button, Flex, FlexItem, TextInput } from '@patternfly/react-core';
import HistoryIcon from '@patternfly/react-icons/dist/esm/icons/history-icon';
import { useState } from 'react';
import { formatExact } from '../../time/format.js';
import { useNow } from '../../time/now.js';
import { words } from '../../words/words.js';
import { inputOf, instantOf, zoneName } from '../../time/local-input.js';
import { instantText } from './past.js';

const { time: said } = words.engine;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** As long as reports are kept by default. */
const REACH_DAYS = 400;

/** Takes the page to a past instant. */
export function LookAtPast({ go }: { readonly go: (at: string) => void }) {
  const now = useNow();
  return (
    <Button
      variant="secondary"
      icon={<HistoryIcon />}
      onClick={() => go(instantText(now - DAY_MS))}
    >
      {said.look}
    </Button>
  );
}

/** Says that the page shows the past, and which; moves it. */
export function PastBanner({
  at,
  go,
  back,
}: {
  readonly at: string;
  readonly go: (at: string) => void;
  readonly back: () => void;
}) {
  // By the minute, so that the slider moves by whole hours.
  const now = Math.floor(useNow() / MINUTE_MS) * MINUTE_MS;
  const instant = Date.parse(at);
  const [pulled, pull] = useState<number | undefined>();
  const hoursAgo = Math.round((now - instant) / HOUR_MS);
  const release = () => {
    if (pulled !== undefined) go(instantText(now - pulled * HOUR_MS));
    pull(undefined);
  };
  const shown = pulled === undefined ? instant : now - pulled * HOUR_MS;
  const title = Number.isNaN(shown) ? at : formatExact(shown);
  return (
    <Alert isInline variant="info" title={said.title(title)} component="p">
      <p>{said.text}</p>
      <Flex alignItems={{ default: 'alignItemsCenter' }} className="engine-past">
        <FlexItem flex={{ default: 'flex_1' }}>
          <input
            type="range"
            className="engine-past__slider"
            aria-label={said.slider}
            aria-valuetext={title}
            min={-REACH_DAYS * 24}
            max={0}
            step={1}
            value={-(pulled ?? (Number.isNaN(hoursAgo) ? 0 : hoursAgo))}
            onChange={(event) => pull(-Number(event.target.value))}
            onPointerUp={release}
            onKeyUp={release}
            onBlur={release}
          />
        </FlexItem>
        <FlexItem>
          <TextInput
            type="datetime-local"
            aria-label={said.input(zoneName())}
            title={said.input(zoneName())}
            value={Number.isNaN(shown) ? '' : inputOf(instantText(shown))}
            max={inputOf(instantText(now))}
            onChange={(_event, value) => {
              const chosen = instantOf(value);
              if (chosen !== undefined) go(instantText(chosen));
            }}
          />
        </FlexItem>
        <FlexItem>{zoneName()}</FlexItem>
        <FlexItem>
          <Button variant="primary" onClick={back}>
            {said.back}
          </Button>
        </FlexItem>
      </Flex>
    </Alert>
  );
}
