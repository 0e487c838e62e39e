import { errorText } from '@backup-awareness/contracts/plain';
import { httpRequest } from '@backup-awareness/messaging/http-request';

/** Why a service is not ready: the reasons of its parts, a bare HTTP status, or why it does not answer. */
export type Unready =
  | { readonly kind: 'parts'; readonly parts: readonly UnreadyPart[] }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'no_answer'; readonly error: string };

export interface UnreadyPart {
  readonly part: string;
  readonly reason: string;
}

export interface ServiceReadiness {
  readonly name: string;
  readonly url: string;
  /** Null while it is ready. */
  readonly unready: Unready | null;
}

/** A little more than the time-out of the service itself. */
const ANSWER_WITHIN_MS = 8_000;

/** Asks all services at the same time, each for at most `timeoutMs`. Never throws: a service that does not answer is not ready. */
export async function askServices(
  services: Readonly<Record<string, string>>,
  timeoutMs = ANSWER_WITHIN_MS,
): Promise<ServiceReadiness[]> {
  return Promise.all(
    Object.entries(services).map(async ([name, url]) => ({
      name,
      url,
      unready: await whyNotReady(url, timeoutMs),
    })),
  );
}

async function whyNotReady(url: string, timeoutMs: number): Promise<Unready | null> {
  try {
    const { status, body } = await httpRequest(`${url}/health/ready`, { timeoutMs });
    if (status === 200) return null;
    const parts = unreadyParts(body);
    return parts.length > 0 ? { kind: 'parts', parts } : { kind: 'status', status };
  } catch (error) {
    return { kind: 'no_answer', error: errorText(error) };
  }
}

/** The unready parts in the body of an answer; none if the body is not that of our services. */
function unreadyParts(body: string): UnreadyPart[] {
  try {
    const { checks } = JSON.parse(body) as { checks?: Record<string, unknown> };
    return Object.entries(checks ?? {})
      .filter(([, state]) => state !== 'ok')
      .map(([part, state]) => ({ part, reason: String(state) }));
  } catch {
    return [];
  }
}

/** The version of each service: null if it tells none, undefined if it does not answer. Never throws. */
export async function askVersions(
  services: Readonly<Record<string, string>>,
  timeoutMs = ANSWER_WITHIN_MS,
): Promise<{ readonly name: string; readonly version: string | null | undefined }[]> {
  return Promise.all(
    Object.entries(services).map(async ([name, url]) => ({
      name,
      version: await versionOf(url, timeoutMs),
    })),
  );
}

async function versionOf(url: string, timeoutMs: number): Promise<string | null | undefined> {
  try {
    const { body } = await httpRequest(`${url}/health/live`, { timeoutMs });
    const { version } = JSON.parse(body) as { version?: unknown };
    return typeof version === 'string' ? version : null;
  } catch {
    return undefined;
  }
}
