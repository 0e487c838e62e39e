/** The parts of the URL of a mail server, as nodemailer expects them. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the beginning. */
  readonly secure: boolean;
  /** Nothing is sent to a server that does not offer STARTTLS. */
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

/**
 * The mail server of a text such as `smtp://user:password@mail:587`; undefined if it is none. A password leaves this host only by TLS: without
 * that, anybody on the way could remove the offer of STARTTLS and read it.
 */
export function parseSmtpUrl(text: string): SmtpServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(text);
  const secure = protocol === 'smtps:';
  if ((!secure && protocol !== 'smtp:') || hostname === '') return undefined;
  const host = hostname.replace(/^\[|\]$/g, '');
  const server = { host, port: port === '' ? (secure ? 465 : 587) : Number(port), secure };
  if (username === '' && password === '') return { ...server, requireTLS: false };
  try {
    const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    return { ...server, requireTLS: !secure && !isLoopback(host), auth };
  } catch {
    // A % that encodes nothing.
    return undefined;
  }
}

function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
