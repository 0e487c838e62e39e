import { errorText } from '@backup-awareness/contracts';
import { deadline } from '../deadline.js';
import { createTransport } from 'nodemailer';
import type { SentMessageInfo } from 'nodemailer/lib/smtp-transport/index.js';
import type { Mail } from './render-mail.js';
import { parseSmtpUrl } from './smtp-url.js';

export interface MailAddresses {
  readonly from: string;
  /** One or more, separated by commas. */
  readonly to: string;
}

/** The outcome of sending a mail. */
export type Mailed =
  | {
      readonly outcome: 'accepted';
      /** Which recipients the server refused, and why; null if none. */
      readonly refused: string | null;
    }
  | {
      readonly outcome: 'failed';
      readonly error: string;
      /** Whether the server has certainly not accepted it. */
      readonly isUnarrived: boolean;
    };

/** Sends a mail with a message id by which the receiver recognises a duplicate. Never throws. */
export type Mailer = (mail: Mail, messageId: string, signal: AbortSignal) => Promise<Mailed>;

const STEP_WITHIN_MS = 20_000;
const ALL_WITHIN_MS = 60_000;

/**
 * Sends mails by SMTP.
 *
 * @param smtpUrl of a mail server, as `parseSmtpUrl` accepts it
 * @param timeouts for one step of the dialogue, and for all of it, which limits a server that answers slowly
 */
export function mailerOf(
  smtpUrl: string,
  { from, to }: MailAddresses,
  { stepMs, allMs } = { stepMs: STEP_WITHIN_MS, allMs: ALL_WITHIN_MS },
): Mailer {
  const server = parseSmtpUrl(smtpUrl);
  if (!server) throw new Error('not the URL of a mail server');
  return async (mail, messageId, signal) => {
    // One transport for each mail: closing it is the only way to end a hanging one.
    const transport = createTransport({
      ...server,
      connectionTimeout: stepMs,
      greetingTimeout: stepMs,
      socketTimeout: stepMs,
      dnsTimeout: stepMs,
    });
    const time = deadline(allMs, signal);
    try {
      const sending = transport.sendMail({
        from,
        to,
        messageId,
        ...mail,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const sent = await Promise.race([sending, aborted(time.signal, sending)]);
      return { outcome: 'accepted', refused: refusedOf(sent) };
    } catch (error) {
      const said = time.isOver()
        ? `no answer within ${allMs / 1_000} s`
        : oneLine(errorText(error));
      return { outcome: 'failed', error: said, isUnarrived: !time.isOver() && isUnarrived(error) };
    } finally {
      time.end();
      transport.close();
    }
  };
}

/** A server that accepts a mail for one recipient may have refused the others. */
function refusedOf({ rejected, rejectedErrors }: SentMessageInfo): string | null {
  if (rejected.length === 0) return null;
  const why = rejectedErrors?.[0]?.response ?? rejectedErrors?.[0]?.message ?? 'without a reason';
  return oneLine(`not accepted for ${rejected.join(', ')}: ${why}`);
}

/** @throws when the signal aborts; the mail in progress then ends by itself, and its outcome is ignored */
async function aborted(signal: AbortSignal, sending: Promise<unknown>): Promise<never> {
  sending.catch(() => undefined);
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw new Error('the service is stopping');
}

/** A server that refused or was never reached has not accepted the mail; one that stopped answering may have. */
function isUnarrived(error: unknown): boolean {
  const { responseCode, syscall, code } = error as {
    responseCode?: number;
    syscall?: string;
    code?: string;
  };
  if (responseCode !== undefined) return true;
  return syscall === 'connect' || code === 'EDNS' || code === 'EAUTH' || code === 'EENVELOPE';
}

function oneLine(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
    .slice(0, 300);
}
