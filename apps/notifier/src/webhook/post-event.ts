import { CLOUD_EVENT_CONTENT_TYPE, encodeCloudEvent } from '@backup-awareness/contracts';
import { spellEvent } from '@backup-awareness/overview/state';
import { send, type Sent } from '../http/send.js';
import type { TellSpell } from '../unknown/telling-outages.js';
import { signatureOf } from './signature.js';

export interface WebhookAddress {
  readonly url: string;
  /** Undefined: events are not signed. */
  readonly secret: string | undefined;
}

/** Posts an event to a webhook. */
export function postEvent(
  { url, secret }: WebhookAddress,
  body: Buffer,
  signal: AbortSignal,
): Promise<Sent> {
  const headers = {
    'content-type': CLOUD_EVENT_CONTENT_TYPE,
    ...(secret === undefined ? {} : { 'x-signature-256': signatureOf(body, secret) }),
  };
  return send(url, { headers, body, isPathSecret: true }, signal);
}

/** Notifies a webhook of a spell. */
export function spellToWebhook(address: WebhookAddress): TellSpell {
  return async (spell, change, _now, signal) => {
    const sent = await postEvent(address, encodeCloudEvent(spellEvent(spell, change)), signal);
    return sent.outcome === 'accepted' ? null : sent.error;
  };
}
