import {
  CLOUD_EVENT_CONTENT_TYPE,
  encodeCloudEvent,
  type OutgoingEvent,
} from '@backup-awareness/contracts/plain';
import type { OutgoingMessage } from './publisher.js';

/** An event as a message to publish. */
export function eventMessage(event: OutgoingEvent, appId: string, sentAt: Date): OutgoingMessage {
  return {
    exchange: event.exchange,
    routingKey: event.routingKey,
    body: encodeCloudEvent(event),
    options: {
      contentType: CLOUD_EVENT_CONTENT_TYPE,
      messageId: event.id,
      type: event.name,
      timestamp: Math.floor(sentAt.getTime() / 1000),
      appId,
    },
  };
}
