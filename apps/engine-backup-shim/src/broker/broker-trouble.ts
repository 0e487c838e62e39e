import { errorText } from '@backup-awareness/contracts/plain';
import { codeOf } from '../failure.js';

/** The broker does not take it now; trying again later helps. */
export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable';
}

/** The broker closed channel or connection over one of the events under way, perhaps this one: published alone, it shows. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
}

const NO_ACCESS = 403;
const NOT_FOUND = 404;
/** PRECONDITION_FAILED, FRAME_ERROR, SYNTAX_ERROR: what AMQP answers to a message that it cannot take, whenever it comes. */
const REFUSALS = [406, 501, 502];

/** What is wrong with a connection that could not be opened, for the person who has to mend it. `where` is the broker's address. */
export function explainConnectFailure(error: unknown, where: string, user: string): string {
  const code = codeOf(error) ?? '';
  const message = errorText(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `cannot resolve the broker's host name in ${where} (${code})`;
  if (code === 'ECONNREFUSED') return `${where} refused the connection: no broker listens there`;
  if (/ACCESS.REFUSED/i.test(message))
    return `${where} refused user ${user}: wrong name or password, or no right to its virtual host`;
  // The broker's own words are lost on the way: this is the answer to the last step, the virtual host.
  if (/NOT.ALLOWED|ConnectionOpenOk/i.test(message))
    return `${where}: the virtual host is not there, or user ${user} may not use it`;
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || isCertificateCode(code))
    return `TLS with ${where} failed: ${message} (${code})`;
  if (code === 'EPROTO') return `TLS with ${where} failed: it does not speak TLS there`;
  if (message.includes('ETIMEDOUT')) return `${where} did not answer in time`;
  return `cannot connect to ${where}: ${message}`;
}

/** An alarm of the broker, for memory or disk, and its words for it. */
export function blocked(reason: string): string {
  return `the broker blocks publishers: ${reason}`;
}

/** What it means that the broker closed the channel or the connection. */
export function explainClose(error: unknown): BrokerUnavailable | EventRefused {
  const message = errorText(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // The same code, but the host's configuration is at fault, and with it every event would be refused.
  if (message.includes('user_id'))
    return new BrokerUnavailable(
      `BROKER_USER is not the user that the broker has authenticated: ${message}`,
    );
  if (typeof code === 'number' && REFUSALS.includes(code)) return new EventRefused(message);
  if (code === NO_ACCESS)
    return new BrokerUnavailable(`the broker user has no right to publish: ${message}`);
  if (code === NOT_FOUND)
    return new BrokerUnavailable(`the exchange is missing at the broker: ${message}`);
  return new BrokerUnavailable(`the connection to the broker was lost: ${message}`);
}

/** The codes of OpenSSL's verdicts on a certificate, as Node gives them. */
function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|CRL|HOSTNAME_MISMATCH/.test(code);
}
