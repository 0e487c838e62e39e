import { engineSource, newEventId, PRODUCT_SOURCE, type OutgoingEvent } from './event.js';
import { instantField, textField } from './fields.js';
import { ADMINISTRATION_EXCHANGE } from './topology.js';

/** What every event of administration says: who did what, from what to what, and when. */
export const administrationFields = {
  who: textField,
  what: textField,
  from: textField.nullable(),
  to: textField.nullable(),
  when: instantField,
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
