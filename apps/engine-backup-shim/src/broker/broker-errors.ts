import { errorText, tlsFailure, type Certificates } from '@backup-awareness/contracts/plain';
import { codeOf } from '../failure.js';

/** The broker cannot be used now; retrying later may help. */
export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable';
}

/** The broker closed the channel or connection because of an event in flight: publishing them one by one shows which. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
}

const NO_ACCESS = 403;
const NOT_FOUND = 404;
/** PRECONDITION_FAILED, FRAME_ERROR, SYNTAX_ERROR: AMQP's answers to a message that is never acceptable. */
const REFUSALS = [406, 501, 502];

/** Explains to an administrator why a connection could not be opened. `where` is the broker's address. */
export async function explainConnectFailure(
  error: unknown,
  where: string,
  user: string,
  certificates?: Certificates,
): Promise<string> {
  const code = codeOf(error) ?? '';
  const message = errorText(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `cannot resolve the broker's host name in ${where} (${code})`;
  if (code === 'ECONNREFUSED') return `${where} refused the connection: no broker listens there`;
  if (/ACCESS.REFUSED/i.test(message))
    return `${where} refused user ${user}: wrong name or password, or no access to the virtual host`;
  // amqplib drops the broker's own message: this is the answer to the last step, which opens the virtual host.
  if (/NOT.ALLOWED|ConnectionOpenOk/i.test(message))
    return `${where}: the virtual host does not exist, or user ${user} has no access to it`;
  const tls = await tlsFailure(error, { name: 'the broker', url: where }, certificates);
  if (tls !== undefined) return `TLS with ${where} failed: ${tls}`;
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || isCertificateCode(code))
    return `TLS with ${where} failed: ${message} (${code})`;
  if (code === 'EPROTO')
    return `TLS with ${where} failed: the server does not use TLS on this port`;
  if (message.includes('ETIMEDOUT')) return `${where} did not answer in time`;
  return `cannot connect to ${where}: ${message}`;
}

/** The broker has a memory or disk alarm. */
export function blocked(reason: string): string {
  return `the broker blocks publishers: ${reason}`;
}

/** Explains why the broker closed the channel or the connection. */
export function explainClose(error: unknown): BrokerUnavailable | EventRefused {
  const message = errorText(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // Also a 406, but caused by the host's configuration: every event would be refused.
  if (message.includes('user_id'))
    return new BrokerUnavailable(
      `BROKER_USER is not the user that the broker has authenticated: ${message}`,
    );
  if (typeof code === 'number' && REFUSALS.includes(code)) return new EventRefused(message);
  if (code === NO_ACCESS)
    return new BrokerUnavailable(`the broker user has no permission to publish: ${message}`);
  if (code === NOT_FOUND)
    return new BrokerUnavailable(`the exchange does not exist at the broker: ${message}`);
  return new BrokerUnavailable(`the connection to the broker was lost: ${message}`);
}

/** Node's codes for OpenSSL's certificate errors. */
function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|CRL|HOSTNAME_MISMATCH/.test(code);
}
