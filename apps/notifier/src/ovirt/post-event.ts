import { send, type Sent } from '../http/send.js';
import type { TellSpell } from '../unknown/telling-outages.js';
import { ovirtEvent, type OvirtEvent } from './ovirt-event.js';

export interface OvirtAddress {
  /** The URL of the engine's API: `https://engine.example.com/ovirt-engine/api`. */
  readonly url: string;
  /** Such as `admin@internal`. */
  readonly user: string;
  readonly password: string;
  /** The certificate of the engine's authority, in PEM. */
  readonly ca: string | undefined;
}

const HAS_THE_ID_ALREADY = 409;

/** Adds an event to those of an oVirt engine. One whose id it already has is refused: `hasId` tells. */
export async function postEvent(
  { url, user, password, ca }: OvirtAddress,
  event: OvirtEvent,
  signal: AbortSignal,
): Promise<{ readonly sent: Sent; readonly hasId: boolean }> {
  const headers = {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    accept: 'application/json',
    'content-type': 'application/json',
    version: '4',
  };
  const endpoint = `${url.replace(/\/+$/, '')}/events`;
  const sent = await send(endpoint, { headers, body: JSON.stringify(event), ca }, signal);
  return { sent, hasId: sent.outcome === 'refused' && sent.status === HAS_THE_ID_ALREADY };
}

/** Notifies an oVirt engine of a spell. A duplicate counts as sent. */
export function spellToOvirt(address: OvirtAddress): TellSpell {
  return async (spell, change, _now, signal) => {
    const event = ovirtEvent({ subjectId: spell.unknownId, change }, spell);
    const { sent, hasId } = await postEvent(address, event, signal);
    return sent.outcome === 'accepted' || hasId ? null : sent.error;
  };
}
