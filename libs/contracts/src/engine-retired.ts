import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { fqdnField } from './fields.js';

export const ENGINE_RETIRED = 'EngineRetired';

/** An engine is retired; its reports are still kept. */
export const engineRetiredData = z.object({ ...administrationFields, fqdn: fqdnField });
export type EngineRetiredData = z.input<typeof engineRetiredData>;

export function engineRetired(data: EngineRetiredData): OutgoingEvent<EngineRetiredData> {
  return administrationEvent(ENGINE_RETIRED, data);
}

export const engineRetiredExample: EngineRetiredData = {
  who: 'root',
  what: 'engine',
  from: 'watched',
  to: 'retired',
  when: '2026-11-23T03:00:00.000Z',
  fqdn: 'engine.example.com',
};
