import { useAnswer } from '../../api/use-answer.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Instant } from '../../parts/instant.js';
import { words } from '../../words/words.js';
import type { Setting } from './setting.js';
import { whoChanged } from './who-changed.js';

const { settings } = words;

/** Who gave a setting its present value, and when: the row of the audit log of that instant tells. */
export function ChangedBy({ setting }: { readonly setting: Setting }) {
  return setting.changed_at === null ? (
    <>{settings.neverChanged}</>
  ) : (
    <Changed name={setting.name} at={setting.changed_at} />
  );
}

function Changed({ name, at }: { readonly name: string; readonly at: string }) {
  const until = new Date(Date.parse(at) + 1).toISOString();
  const query = { type: 'SettingChanged', since: at, until };
  const who = whoChanged(useAnswer('/audit', { query }).data?.items ?? [], name);
  return (
    <>
      {settings.changed} <Instant at={at} />
      {who !== undefined && (
        <>
          {' '}
          {settings.by} <ForeignText>{who}</ForeignText>
        </>
      )}
    </>
  );
}
