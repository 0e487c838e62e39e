import { words } from '../words/words.js';

const { signIn } = words;

/** The parameter of the address to which the console leads a browser that it has not signed in. */
export const REFUSED = 'refused';

/** @param kind of the address, so anything */
export function refusedWords(kind: string): { readonly what: string; readonly todo: string } {
  return Object.hasOwn(signIn.refused, kind)
    ? signIn.refused[kind as keyof typeof signIn.refused]
    : signIn.refused.failed;
}
