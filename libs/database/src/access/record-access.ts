import { signedIn, signedOut, signInFailed } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { readClock } from '../administration/locked-engine.js';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import type { Identity } from './identity.js';
import { beginSession, endSession, findSession } from './sessions.js';

// The order of these events does not matter, so that no lock is needed.

export interface SignIn {
  readonly identity: Identity;
  readonly by: 'token' | 'link' | 'oidc';
  /** Of the token; null for another way. The session ends with its token. */
  readonly tokenId: string | null;
  readonly address: string;
  /** The secret of the browser's session of before, which is ended. */
  readonly earlier: string | undefined;
}

/** Begins a session, with its event. @returns the secret for the cookie */
export async function signIn(dataSource: DataSource, request: SignIn): Promise<string> {
  const { identity, by, tokenId, address, earlier } = request;
  const { who, role } = identity;
  return inTransaction(dataSource, async (manager) => {
    if (earlier !== undefined) await endSession(manager, earlier);
    const secret = await beginSession(manager, identity, tokenId);
    const when = (await readClock(manager)).toISOString();
    await enqueue(manager, [
      signedIn({ who, what: 'session', from: null, to: role, when, by, address }),
    ]);
    return secret;
  });
}

/** Ends a session at once, with its event if there is such a session. */
export async function signOut(dataSource: DataSource, secret: string): Promise<void> {
  await inTransaction(dataSource, async (manager) => {
    const identity = await findSession(manager, secret);
    if (!identity) return;
    await endSession(manager, secret);
    const when = (await readClock(manager)).toISOString();
    const { who, role } = identity;
    await enqueue(manager, [signedOut({ who, what: 'session', from: role, to: null, when })]);
  });
}

/** Records failed sign-ins; the caller bounds how often. */
export async function recordFailedSignIns(
  dataSource: DataSource,
  failed: { readonly reason: string; readonly address: string; readonly failures: number },
): Promise<void> {
  await inTransaction(dataSource, async (manager) => {
    const when = (await readClock(manager)).toISOString();
    await enqueue(manager, [
      signInFailed({ who: 'unknown', what: 'session', from: null, to: null, when, ...failed }),
    ]);
  });
}
