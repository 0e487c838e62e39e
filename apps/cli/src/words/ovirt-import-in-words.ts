import { DISABLED } from '@backup-awareness/contracts/plain';
import type { OvirtImportDocument } from '@backup-awareness/overview/documents';

/** Why successes are not imported, after their number. */
export const LEFT_OUT_IN_WORDS: Readonly<
  Record<OvirtImportDocument['left_out'][number]['reason'], string>
> = {
  no_host_name: 'without a host name',
  invalid_host_name: 'with something else than a host name in fqdn',
  invalid_scope: 'of something that is no single scope',
  in_future: "dated later than the clock of oVirt's database, of unknown age",
  before_1970: 'dated before 1970',
  other_broker_user:
    'of engines whose reports are accepted only from a broker user of their own (engines set FQDN --no-broker-user, then import again)',
  too_many_engines:
    'of engines that are unknown, while reports may register no more (EngineRegistrationMax; engines add FQDN, then import again)',
};

/** What becomes of a setting. */
export function settingInWords(
  { name, outcome, from, to, expected }: OvirtImportDocument['settings'][number],
  isPreview: boolean,
): { readonly text: string; readonly isWarning: boolean } {
  switch (outcome) {
    case 'missing':
      return { text: `${name} stays ${from}: oVirt has no value for it.`, isWarning: false };
    case 'unchanged':
      return { text: `${name} is ${from} in oVirt, too.`, isWarning: false };
    case 'refused':
      return {
        text: `${name} stays ${from}: expected ${expected}, got ${JSON.stringify(to)} in oVirt.`,
        isWarning: true,
      };
    case 'changed': {
      const isDisabling = name === 'BackupCheckPeriodInHours' && to === DISABLED;
      const effect = isDisabling ? ' This disables the feature: no engine is checked.' : '';
      const done = isPreview ? 'would be set' : 'set';
      return { text: `${name} ${done} to ${to} (was ${from}).${effect}`, isWarning: isDisabling };
    }
  }
}
