import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** When a certificate is valid, in whole milliseconds since 1970; of a chain, when all of it is. */
export interface Validity {
  readonly validFromAt: number;
  readonly expiresAt: number;
}

const ANSWER_WITHIN_MS = 5_000;
const PORTS: Readonly<Record<string, number>> = {
  'amqps:': 5671,
  'https:': 443,
  'postgres:': 5432,
  'postgresql:': 5432,
};

/**
 * The certificates that a server shows, whether they are trusted or not; undefined if it offers no TLS.
 *
 * @param shown the client certificate, which some servers require first
 * @throws the network's error
 */
export async function peerValidity(
  url: string,
  { cert, key }: { readonly cert?: string | undefined; readonly key?: string | undefined } = {},
): Promise<Validity | undefined> {
  // Loaded here: few programs need it, and all load this file.
  const [net, tls] = await Promise.all([import('node:net'), import('node:tls')]);
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = net.connect({ host, port: Number(port) || PORTS[protocol] || 443 });
  socket.setTimeout(ANSWER_WITHIN_MS, () =>
    socket.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS / 1_000} s`)),
  );
  try {
    await event(socket, 'connect');
    if (protocol.startsWith('postgres') && !(await offersTls(socket))) return undefined;
    const secure = tls.connect({
      socket,
      servername: isName(host) ? host : '',
      rejectUnauthorized: false,
      ...(cert !== undefined && key !== undefined && { cert, key }),
    });
    await event(secure, 'secureConnect', socket);
    return validityOf(chainOf(secure));
  } finally {
    socket.destroy();
  }
}

/** The certificates in a text in PEM. @throws if one cannot be parsed */
export function pemValidity(pem: string): Validity | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  return validityOf(
    blocks
      .map((block) => new X509Certificate(block))
      .map(({ validFrom, validTo }) => ({ valid_from: validFrom, valid_to: validTo })),
  );
}

interface Dates {
  readonly valid_from: string;
  readonly valid_to: string;
}

function validityOf(certificates: readonly Dates[]): Validity | undefined {
  if (certificates.length === 0) return undefined;
  return {
    validFromAt: Math.max(...certificates.map((one) => Date.parse(one.valid_from))),
    expiresAt: Math.min(...certificates.map((one) => Date.parse(one.valid_to))),
  };
}

function chainOf(secure: TLSSocket): Dates[] {
  const chain: Dates[] = [];
  let one: DetailedPeerCertificate | undefined = secure.getPeerCertificate(true);
  // The last one of a chain is its own issuer.
  while (one?.valid_to && !chain.includes(one)) {
    chain.push(one);
    one = one.issuerCertificate;
  }
  return chain;
}

/** PostgreSQL's request for TLS, answered with one letter. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

async function offersTls(socket: Socket): Promise<boolean> {
  socket.write(SSL_REQUEST);
  const [answer] = (await event(socket, 'data')) as [Buffer];
  socket.pause();
  return answer[0] === 'S'.charCodeAt(0);
}

function event(emitter: Socket, name: string, also: Socket = emitter): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    emitter.once(name, (...values: unknown[]) => resolve(values));
    const fail = (error: Error) => reject(error);
    const close = () => reject(new Error('the server closed the connection'));
    for (const one of new Set([emitter, also])) {
      one.once('error', fail);
      one.once('close', close);
    }
  });
}

function isName(host: string): boolean {
  return /[a-z]/i.test(host) && !host.includes(':');
}
