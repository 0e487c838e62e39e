import { reasonOf } from '../output/failure.js';

export interface ServiceReadiness {
  readonly name: string;
  readonly url: string;
  readonly isReady: boolean;
  /** Why it is not, in words; null while it is. */
  readonly reason: string | null;
}

/** A little over what a service allows itself for the answer. */
const ANSWER_WITHIN_MS = 8_000;

/** Asks every service at once. Never throws: one that does not answer is not ready. */
export async function askServices(
  services: Readonly<Record<string, string>>,
): Promise<ServiceReadiness[]> {
  return Promise.all(
    Object.entries(services).map(async ([name, url]) => {
      const reason = await whyNotReady(url);
      return { name, url, isReady: reason === null, reason };
    }),
  );
}

async function whyNotReady(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/health/ready`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const body = await response.text();
    return response.ok ? null : troubles(body) || `it answers ${response.status}`;
  } catch (error) {
    const { cause } = error as Error;
    return `it does not answer: ${reasonOf(cause ?? error)}`;
  }
}

/** The parts that are not well, of the body that a service answers with. */
function troubles(body: string): string | undefined {
  try {
    const { checks } = JSON.parse(body) as { checks?: Record<string, unknown> };
    return Object.entries(checks ?? {})
      .filter(([, state]) => state !== 'ok')
      .map(([part, state]) => withPart(part, String(state)))
      .join('; ');
  } catch {
    return undefined;
  }
}

function withPart(part: string, reason: string): string {
  return reason.startsWith(`${part}:`) ? reason : `${part}: ${reason}`;
}
