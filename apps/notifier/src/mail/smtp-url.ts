/** The parts of the URL of a mail server, as nodemailer expects them. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

/** The mail server of a text such as `smtp://user:password@mail:587`; undefined if it is none. */
export function parseSmtpUrl(text: string): SmtpServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(text);
  const secure = protocol === 'smtps:';
  if ((!secure && protocol !== 'smtp:') || hostname === '') return undefined;
  const server = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
  };
  if (username === '') return server;
  try {
    const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    return { ...server, auth };
  } catch {
    // A % that encodes nothing.
    return undefined;
  }
}
