import { errorText } from '@backup-awareness/contracts/plain';
import { httpRequest } from './http-request.js';

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

/** The broker's management API. Paths are below `/api/`, already encoded. */
export interface ManagementApi {
  /** Undefined if it does not exist. */
  get(path: string): Promise<unknown>;
  put(path: string, body: unknown): Promise<void>;
  /** Does nothing if it does not exist. */
  remove(path: string): Promise<void>;
}

/**
 * @param managementUrl `http://administrator:password@host:port`
 * @returns functions that throw ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export function managementApi(managementUrl: string): ManagementApi {
  const { username, password, origin, pathname } = new URL(managementUrl);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const where = `the broker's management API at ${origin}`;

  /** The body of the response; undefined if there is nothing at that path. */
  async function ask(method: string, path: string, body?: unknown): Promise<string | undefined> {
    const { status, body: answer } = await httpRequest(
      `${origin}${pathname.replace(/\/$/, '')}/api/${path}`,
      {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: REQUEST_TIMEOUT_MS,
      },
    ).catch((error: unknown) => {
      throw new ManagementUnreachable(`${where} does not answer: ${errorText(error)}`, {
        cause: error,
      });
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
