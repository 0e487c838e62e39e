export const signIn = {
  title: 'Sign in',
  token: 'Token',
  tokenHelp: 'npm start prints a link that signs in once. For a token, run:',
  createToken: 'backup-awareness tokens create NAME --role viewer',
  submit: 'Sign in',
  withOidc: 'Sign in with single sign-on',
  /** By the kinds that the console knows (apps/console, access/refusal.ts). */
  refused: {
    link_used: {
      what: 'This link was used already, or is too old.',
      todo: 'A link signs in once, within ten minutes. Run npm start again for another one, or sign in with a token.',
    },
    too_late: {
      what: 'This sign-in took too long, or began in another browser.',
      todo: 'Begin again.',
    },
    provider_refused: {
      what: 'Single sign-on did not sign you in.',
      todo: 'Either it was cancelled, or you may not use it for this console. Sign in again, or ask who looks after it.',
    },
    answer_not_valid: {
      what: 'The answer of single sign-on is not valid, so nobody was signed in.',
      todo: 'Sign in again. If that does not help, the log of the console has the reason.',
    },
    no_role: {
      what: 'You have no role in this console.',
      todo: 'Single sign-on knows you, but does not say that you are a viewer or an operator here. Ask who looks after it for one of these roles.',
    },
    provider_away: {
      what: 'Single sign-on does not work at the moment.',
      todo: 'Try again later, or sign in with a token.',
    },
    console_away: {
      what: 'The console cannot sign you in at the moment: its database does not answer.',
      todo: 'Try again in a minute.',
    },
    too_many: {
      what: 'Too many sign-ins have failed.',
      todo: 'Wait a minute, then sign in again.',
    },
    failed: {
      what: 'You could not be signed in.',
      todo: 'Try again. If that does not help, the log of the console has the reason.',
    },
  },
  still: 'You are still signed in as',
} as const;
