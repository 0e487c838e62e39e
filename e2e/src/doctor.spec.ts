import { eventually } from '@backup-awareness/testing';
import { startProduct, type ProductOnTestServers } from './product.js';

let product: ProductOnTestServers;
beforeAll(async () => (product = await startProduct()));
afterAll(() => product?.stop());

interface Answer {
  readonly healthy: boolean;
  readonly checks: { readonly name: string; readonly state: string }[];
}

it('given the product as it was started, the doctor finds nothing to do but to have this host report', async () => {
  // The first check of the engines waits until ingest has no backlog; until then the doctor says so.
  await eventually(async () => {
    const { code, stdout, stderr } = await product.cli('doctor', '--json');
    const { healthy, checks } = JSON.parse(stdout) as Answer;
    const others = checks.filter(({ state }) => state !== 'ok');
    expect(others.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'reporters warning',
      'notifications skipped',
    ]);
    expect({ code, stderr, healthy }).toEqual({ code: 0, stderr: '', healthy: true });
  }, 30_000);
});
