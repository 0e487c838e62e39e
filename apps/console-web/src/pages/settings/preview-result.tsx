import {
  Alert,
  Content,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core';
import { EngineLink } from '../../parts/engine-link.js';
import { formatCount } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { Preview } from './change.js';

const { settings } = words;
const NAMED = 20;

/** What a change would do, now and in the past. */
export function PreviewResult({ preview }: { readonly preview: Preview }) {
  if (preview === null)
    return <Alert isInline isPlain variant="info" title={settings.noneAffected} component="p" />;
  const { raises, clears, unchanged, past_days, past_raises_now, past_raises_then } = preview;
  const unrecorded = preview.unrecorded_change;
  return (
    <section aria-label={settings.previewTitle} className="preview">
      <DescriptionList isCompact isHorizontal termWidth="14rem">
        <Engines term={settings.raises} fqdns={raises} />
        <Engines term={settings.clears} fqdns={clears} />
        <DescriptionListGroup>
          <DescriptionListTerm>{settings.unchanged}</DescriptionListTerm>
          <DescriptionListDescription>{formatCount(unchanged)}</DescriptionListDescription>
        </DescriptionListGroup>
        {past_days > 0 && (
          <DescriptionListGroup>
            <DescriptionListTerm>{settings.past(past_days)}</DescriptionListTerm>
            <DescriptionListDescription>
              {settings.pastText(past_raises_then, past_raises_now)}
            </DescriptionListDescription>
          </DescriptionListGroup>
        )}
      </DescriptionList>
      {past_days === 0 && (
        <Content component="small">
          {unrecorded ? settings.pastUnrecorded(unrecorded.setting) : settings.pastUnknown}
        </Content>
      )}
    </section>
  );
}

function Engines({ term, fqdns }: { readonly term: string; readonly fqdns: readonly string[] }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>
        <strong>{formatCount(fqdns.length)}</strong>
        {fqdns.length > 0 && ': '}
        {fqdns.slice(0, NAMED).map((fqdn, index) => (
          <span key={fqdn}>
            {index > 0 && ', '}
            <EngineLink fqdn={fqdn} />
          </span>
        ))}
        {fqdns.length > NAMED && ` ${settings.andMore(formatCount(fqdns.length - NAMED))}`}
      </DescriptionListDescription>
    </DescriptionListGroup>
  );
}
