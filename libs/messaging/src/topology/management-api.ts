import {
  errorText,
  isOtherAuthority,
  tlsFailure,
  type Certificates,
} from '@backup-awareness/contracts/plain';
import { httpRequest, type HttpAnswer, type HttpRequest } from './http-request.js';

const REQUEST_TIMEOUT_MS = 10_000;
const NOT_FOUND = 404;

/** The broker's management API does not answer. */
export class ManagementUnreachable extends Error {
  override readonly name = 'ManagementUnreachable';
}

/** The broker's management API refuses the request. */
export class ManagementRefused extends Error {
  override readonly name = 'ManagementRefused';

  constructor(
    message: string,
    /** HTTP status: 400, 401, 403 … */
    readonly status: number,
    /** The body of the answer. */
    readonly answer = '',
  ) {
    super(message);
  }
}

/** Where the management API is, and as whom: `http://administrator:password@host:port`, or with the certificates for it. */
export type ManagementAddress =
  | string
  | {
      readonly url: string;
      /** Those for the broker, since it is the broker that answers. */
      readonly tls?: Certificates | undefined;
    };

/** The broker's management API. Paths are below `/api/`, already encoded. */
export interface ManagementApi {
  /** Undefined if it does not exist. */
  get(path: string): Promise<unknown>;
  put(path: string, body: unknown): Promise<void>;
  /** Does nothing if it does not exist. */
  remove(path: string): Promise<void>;
}

/** @returns functions that throw ManagementUnreachable, or ManagementRefused with the broker's answer */
export function managementApi(address: ManagementAddress): ManagementApi {
  const { url: managementUrl, tls } = typeof address === 'string' ? { url: address } : address;
  const { username, password, origin, pathname } = new URL(managementUrl);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const where = `the broker's management API at ${origin}`;

  /** The body of the response; undefined if there is nothing at that path. */
  async function ask(method: string, path: string, body?: unknown): Promise<string | undefined> {
    const { status, body: answer } = await requestTrusting(
      `${origin}${pathname.replace(/\/$/, '')}/api/${path}`,
      {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: REQUEST_TIMEOUT_MS,
        tls,
      },
    ).catch(async (error: unknown) => {
      const server = { name: "the broker's management API", url: managementUrl };
      const reason = (await tlsFailure(error, server, tls)) ?? errorText(error);
      throw new ManagementUnreachable(`${where} does not answer: ${reason}`, { cause: error });
    });
    if (status >= 200 && status < 300) return answer;
    if (status === NOT_FOUND && method !== 'PUT') return undefined;
    throw new ManagementRefused(
      `${where} refused ${method} ${path}: ${status} ${answer}`,
      status,
      answer,
    );
  }

  return {
    get: async (path) => {
      const answer = await ask('GET', path);
      return answer === undefined ? undefined : JSON.parse(answer);
    },
    put: async (path, body) => void (await ask('PUT', path, body)),
    remove: async (path) => void (await ask('DELETE', path)),
  };
}

/** A management API may be behind a proxy with a certificate that Node trusts, while the broker's is of a private authority. */
async function requestTrusting(url: string, request: HttpRequest): Promise<HttpAnswer> {
  return httpRequest(url, request).catch((error: unknown) => {
    if (request.tls?.ca === undefined || !isOtherAuthority(error)) throw error;
    return httpRequest(url, { ...request, tls: { ...request.tls, ca: undefined } }).catch(() => {
      throw error;
    });
  });
}
