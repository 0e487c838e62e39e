import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** How an SMTP server behaves. */
export type Behaviour =
  | 'takes'
  /** Refuses the recipient. */
  | 'refuses'
  /** Refuses the recipients whose address begins with "b". */
  | 'refuses some'
  /** Receives the whole mail, and never answers. */
  | 'stalls'
  /** Closes the connection in the middle of the mail. */
  | 'closes';

export interface SmtpCounterpart {
  readonly url: string;
  /** Every completely received mail, unchanged. */
  readonly taken: string[];
  behave(how: Behaviour): void;
  close(): Promise<void>;
}

/** A third-party mail server. */
export async function smtpCounterpart(): Promise<SmtpCounterpart> {
  const taken: string[] = [];
  let how: Behaviour = 'takes';
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, callback) => {
      const isRefused = how === 'refuses' || (how === 'refuses some' && address.startsWith('b'));
      callback(isRefused ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null);
    },
    onData: (stream, _session, callback) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => {
        parts.push(part);
        if (how === 'closes') for (const connection of server.connections) destroy(connection);
      });
      stream.on('end', () => {
        if (how === 'closes') return;
        taken.push(Buffer.concat(parts).toString());
        if (how === 'takes' || how === 'refuses some') callback(null);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    behave: (next) => (how = next),
    close: async () => {
      for (const connection of server.connections) destroy(connection);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function destroy(connection: unknown): void {
  (connection as { readonly _socket?: { destroy(): void } })._socket?.destroy();
}
