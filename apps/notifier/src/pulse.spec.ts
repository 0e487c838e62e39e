import { pulseOf } from './pulse.js';

let processNow: number;
let read: () => Promise<{ now: number; version: string }>;
let unwritable: string | undefined;
beforeEach(() => {
  processNow = 1_000;
  unwritable = undefined;
  read = async () => ({ now: 5_000, version: '1' });
});
const pulse = () =>
  pulseOf(
    () => read(),
    () => processNow,
    () => unwritable,
  );

describe('the pulse', () => {
  it('has the time of the database while it answers', async () => {
    expect(await pulse()()).toEqual({ now: 5_000, version: '1', unreadable: null });
  });

  it('remembers since when the database has not answered, until it answers', async () => {
    const ask = pulse();
    read = () => Promise.reject(new Error('refused'));
    await ask();
    processNow = 9_000;
    const unreadable = { sinceAt: 1_000, error: 'refused' };
    expect(await ask()).toEqual({ now: 9_000, version: null, unreadable });
    read = async () => ({ now: 9_500, version: '2' });
    expect(await ask()).toEqual({ now: 9_500, version: '2', unreadable: null });
  });

  it('says so, too, while the database can be read and not be written', async () => {
    const ask = pulse();
    unwritable = 'read-only';
    const unreadable = { sinceAt: 5_000, error: 'read-only' };
    expect(await ask()).toEqual({ now: 5_000, version: '1', unreadable });
    read = async () => ({ now: 6_000, version: '1' });
    expect(await ask()).toEqual({ now: 6_000, version: '1', unreadable });
  });

  it('takes no outage for longer than it is where the clocks of both differ', async () => {
    const ask = pulse();
    processNow = 99_000;
    read = () => Promise.reject(new Error('refused'));
    await ask();
    unwritable = 'read-only';
    read = async () => ({ now: 5_000, version: '1' });
    expect((await ask()).unreadable).toMatchObject({ sinceAt: 5_000 });
  });
});
