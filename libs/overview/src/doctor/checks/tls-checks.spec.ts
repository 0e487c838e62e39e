import type { Looks } from '../looks/looks.js';
import type { DoctorTarget } from '../target.js';
import { checkTlsExpiry } from './tls-checks.js';

test('given several database servers, the certificate of each is looked at', async () => {
  const databaseUrl =
    'postgresql://u@a/db?host=127.0.0.1,127.0.0.1&port=1,2&target_session_attrs=read-write&sslmode=require';
  const target: Partial<DoctorTarget> = { databaseUrl, certificates: {} };
  const seen = await checkTlsExpiry({ target } as Looks);
  expect(JSON.stringify(seen)).toMatch(/127\.0\.0\.1:1".*127\.0\.0\.1:2"/s);
});
