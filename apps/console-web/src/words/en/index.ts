import { common } from './common.js';
import { engine } from './engine.js';
import { engines } from './engines.js';
import { overview } from './overview.js';
import { reasons, unknownReason } from './reasons.js';
import { reports } from './reports.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';
import { subscribe } from './subscribe.js';

/** All texts of the page in English. A translation is an object of the same type. */
export const en = {
  common,
  engine,
  engines,
  overview,
  reasons,
  unknownReason,
  reports,
  shell,
  signIn,
  subscribe,
} as const;
