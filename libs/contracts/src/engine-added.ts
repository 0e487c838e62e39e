import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { fqdnField } from './fields.js';

export const ENGINE_ADDED = 'EngineAdded';

/** An administrator has started to monitor an engine. */
export const engineAddedData = z.object({ ...administrationFields, fqdn: fqdnField });
export type EngineAddedData = z.input<typeof engineAddedData>;

export function engineAdded(data: EngineAddedData): OutgoingEvent<EngineAddedData> {
  return administrationEvent(ENGINE_ADDED, data);
}

export const engineAddedExample: EngineAddedData = {
  who: 'root',
  what: 'engine',
  from: null,
  to: 'watched',
  when: '2026-11-23T03:00:00.000Z',
  fqdn: 'engine.example.com',
};
