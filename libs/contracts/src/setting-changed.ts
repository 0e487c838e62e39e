import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { fqdnField } from './fields.js';

export const SETTING_CHANGED = 'SettingChanged';

/** A setting has a new value; `what` names it, and `fqdn` is present if it is one engine's own. */
export const settingChangedData = z.object({ ...administrationFields, fqdn: fqdnField.optional() });
export type SettingChangedData = z.input<typeof settingChangedData>;

export function settingChanged(data: SettingChangedData): OutgoingEvent<SettingChangedData> {
  return administrationEvent(SETTING_CHANGED, data);
}

export const settingChangedExample: SettingChangedData = {
  who: 'root',
  what: 'BackupAlertPeriodInDays',
  from: '1',
  to: '2',
  when: '2026-11-23T03:00:00.000Z',
};
