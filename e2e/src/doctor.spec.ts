import { eventually } from '@backup-awareness/testing';
import { startProduct, type ProductOnTestServers } from './product.js';

let product: ProductOnTestServers;
beforeAll(async () => (product = await startProduct()));
afterAll(() => product?.stop());

it('given the product as it was started, the doctor finds nothing to do but to have this host report', async () => {
  // The first check waits until ingest has no backlog.
  await eventually(async () => expect((await product.cli('check')).code).not.toBe(3));
  const { code, stdout, stderr } = await product.cli('doctor', '--json');
  const { healthy, checks } = JSON.parse(stdout) as {
    healthy: boolean;
    checks: { name: string; state: string }[];
  };
  const others = checks.filter(({ state }) => state !== 'ok');
  expect(others.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'reporters warning',
    'notifications skipped',
  ]);
  expect({ code, stderr, healthy }).toEqual({ code: 0, stderr: '', healthy: true });
});
