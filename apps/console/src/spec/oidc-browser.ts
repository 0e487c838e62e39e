import { httpRequest } from '@backup-awareness/messaging/http-request';
import type { Answer, ServedConsole } from './use-console.js';

export type Cookies = Map<string, string>;

const sent = (cookies: Cookies) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

function keep(cookies: Cookies, setCookies: readonly string[] = []): void {
  for (const cookie of setCookies) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    if (value === '') cookies.delete(name!);
    else cookies.set(name!, value!);
  }
}

/** A browser that is sent to a provider and back. @param ca of a provider with a private authority, in PEM */
export function oidcBrowser(served: () => ServedConsole, ca?: () => string) {
  /** Lets the provider send the browser back. @returns the callback, with the browser's cookies of the console */
  async function goToProvider(account: string) {
    const cookies: Cookies = new Map();
    const begun = await served().ask('GET', '/sign-in/oidc', { token: null });
    keep(cookies, begun.headers.getSetCookie());
    const atProvider: Cookies = new Map();
    let url = begun.headers.get('location')!;
    while (!url.startsWith(`${served().url}/`)) {
      const { headers } = await httpRequest(url, {
        headers: { cookie: sent(atProvider) },
        timeoutMs: 60_000,
        tls: { ca: ca?.() },
      });
      keep(atProvider, headers['set-cookie']);
      url = new URL(headers.location!, url).href;
      if (url.includes('/interaction/')) url += `?account=${account}`;
    }
    return { begun, cookies, callback: url.slice(served().url.length) };
  }

  /** @param accept as a program has it unless given */
  async function comeBack(callback: string, cookies: Cookies, accept = '*/*'): Promise<Answer> {
    const answer = await served().ask('GET', callback, {
      token: null,
      headers: { cookie: sent(cookies), accept },
    });
    keep(cookies, answer.headers.getSetCookie());
    return answer;
  }

  return {
    goToProvider,
    comeBack,
    signIn: async (account: string, accept?: string) => {
      const { callback, cookies } = await goToProvider(account);
      return { answer: await comeBack(callback, cookies, accept), cookies, callback };
    },
    session: (cookies: Cookies) =>
      served().ask('GET', '/api/v1/session', { token: null, headers: { cookie: sent(cookies) } }),
  };
}
