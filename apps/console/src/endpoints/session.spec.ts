import { hostname } from 'node:os';
import { useConsole, type ServedConsole } from '../spec/use-console.js';

let served: ServedConsole;
useConsole((it) => (served = it), {
  configure: () => ({ TRIAL_COMMAND: 'report a trial backup' }),
});

test('who is signed in learns the command for a trial, and of which engine it reports', async () => {
  const { json } = await served.ask('GET', '/api/v1/session');
  expect(json).toMatchObject({
    trial: { fqdn: hostname().toLowerCase(), command: 'report a trial backup' },
  });
});
