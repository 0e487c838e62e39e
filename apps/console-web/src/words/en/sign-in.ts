export const signIn = {
  title: 'Sign in',
  token: 'Token',
  tokenHelp: 'npm start prints a link that signs in once. For a token, run:',
  createToken: 'backup-awareness tokens create NAME --role viewer',
  submit: 'Sign in',
  withOidc: 'Sign in with single sign-on',
} as const;
