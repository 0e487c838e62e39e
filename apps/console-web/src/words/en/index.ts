import { common } from './common.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';

/** All texts of the page in English. A translation is an object of the same type. */
export const en = { common, shell, signIn } as const;
