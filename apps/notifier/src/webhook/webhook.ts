import { CLOUD_EVENT_CONTENT_TYPE, encodeCloudEvent } from '@backup-awareness/contracts';
import { readNotificationEvents } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { send } from '../http/send.js';
import { oneByOne } from '../one-by-one.js';
import { signatureOf } from './signature.js';

export interface WebhookOptions {
  readonly url: string;
  /** Undefined: events are not signed. */
  readonly secret: string | undefined;
  readonly db: DataSource;
}

/**
 * A URL that gets each event of an alert as its CloudEvent, dismissed or not, since no person reads it. A duplicate has the same source and id.
 */
export function webhook({ url, secret, db }: WebhookOptions): Destination {
  return oneByOne({
    name: 'webhook',
    db,
    isReadByPeople: false,
    prepare: async (claimed) => {
      const eventOf = await readNotificationEvents(db, claimed);
      return async (one, signal) => {
        const event = eventOf(one);
        if (!event) return { outcome: 'not recorded' };
        const body = encodeCloudEvent(event);
        const headers = {
          'content-type': CLOUD_EVENT_CONTENT_TYPE,
          ...(secret === undefined ? {} : { 'x-signature-256': signatureOf(body, secret) }),
        };
        return send(url, { headers, body }, signal);
      };
    },
  });
}
