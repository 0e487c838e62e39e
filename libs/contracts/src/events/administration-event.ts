import { newEventId } from './event-id.js';
import { engineSource, PRODUCT_SOURCE, type OutgoingEvent } from './event.js';
import { instantField, textField } from '../values/fields.js';
import { ADMINISTRATION_EXCHANGE } from '../topology/topology.js';

/** What every event of administration says: who did what, from what to what, and when. */
export const administrationFields = {
  who: textField.meta({ description: 'The administrator, or the service.' }),
  what: textField.meta({ description: 'What was changed.' }),
  from: textField.nullable().meta({ description: 'What it was before.' }),
  to: textField.nullable().meta({ description: 'What it is now.' }),
  when: instantField.meta({ description: 'When it was changed.' }),
};

interface AdministrationData {
  readonly what: string;
  readonly when: string;
  readonly fqdn?: string | undefined;
}

export function administrationEvent<D extends AdministrationData>(
  name: string,
  data: D,
): OutgoingEvent<D> {
  return {
    id: newEventId(),
    name,
    exchange: ADMINISTRATION_EXCHANGE,
    routingKey: name,
    source: data.fqdn === undefined ? PRODUCT_SOURCE : engineSource(data.fqdn),
    subject: data.what,
    time: data.when,
    data,
  };
}
