import { alerts } from './alerts.js';
import { audit } from './audit.js';
import { common } from './common.js';
import { engine } from './engine.js';
import { engines } from './engines.js';
import { overview } from './overview.js';
import { reasons, unknownReason } from './reasons.js';
import { deadLetters } from './dead-letters.js';
import { reports } from './reports.js';
import { settings } from './settings.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';
import { subscribe } from './subscribe.js';
import { system } from './system.js';

/** All texts of the page in English. A translation is an object of the same type. */
export const en = {
  alerts,
  audit,
  common,
  deadLetters,
  engine,
  engines,
  overview,
  reasons,
  reports,
  settings,
  shell,
  signIn,
  subscribe,
  system,
  unknownReason,
} as const;
