import { errorText } from '@backup-awareness/contracts';

/** Longer than the service itself waits for one of its parts, so that its answer says which. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Resolves if `/health/ready` of the service at `url` answers with 200.
 *
 * @throws with the service, its URL, and what it answers or why it does not
 */
export async function ensureReady(service: string, url: string): Promise<void> {
  const reason = await unreadyReason(url);
  if (reason !== undefined) throw new Error(`${service} at ${url} is not ready: ${reason}`);
}

async function unreadyReason(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/health/ready`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    return response.status === 200 ? undefined : `${response.status} ${text}`;
  } catch (error) {
    // What fetch throws says no more than that it failed.
    return errorText((error as Error).cause ?? error);
  }
}
