import { common } from './common.js';
import { engines } from './engines.js';
import { overview } from './overview.js';
import { reasons, unknownReason } from './reasons.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';

/** All texts of the page in English. A translation is an object of the same type. */
export const en = { common, engines, overview, reasons, unknownReason, shell, signIn } as const;
