import { Logger } from '@nestjs/common';
import { eventually } from '@backup-awareness/testing';
import { Courier } from './courier.js';
import type { Destination, Pulse, Round } from './destination.js';

const PULSE: Pulse = { now: 0, version: '1', unreadable: null };
const TOLD: Round = { told: 1, failed: 0, givenUp: 0, error: null };

const said: string[] = [];
const rounds: Round[] = [];
beforeAll(() => {
  const note = (message: string) => said.push(message);
  Logger.overrideLogger({ log: note, warn: note, error: note });
});
beforeEach(() => (said.length = rounds.length = 0));

const destination = (name: string, round: Destination['round']): Destination => ({
  name,
  round,
});
async function serve(destinations: readonly Destination[], until: () => void): Promise<string[]> {
  const told: string[] = [];
  const courier = new Courier({
    destinations,
    pulse: () => Promise.resolve(PULSE),
    onRound: async ({ name }, round) => {
      told.push(name);
      rounds.push(round);
    },
  });
  courier.start();
  await eventually(until);
  await courier.stop();
  return told;
}

describe('the courier', () => {
  it('serves one destination while another never answers', async () => {
    let rounds = 0;
    const hanging = destination('hanging', (_pulse, signal) => {
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(TOLD)));
    });
    const answering = destination('answering', () => Promise.resolve((rounds++, TOLD)));
    const told = await serve([hanging, answering], () => expect(rounds).toBeGreaterThan(1));
    expect(new Set(told)).toEqual(new Set(['answering']));
  });

  it('logs once why a destination fails, once that it answers again, and the next failure', async () => {
    const errors = [null, 'refused', 'refused', null, null, 'refused'];
    let at = 0;
    const failing = destination('mail', () => {
      const error = errors[Math.min(at++, errors.length - 1)]!;
      return Promise.resolve({ told: 0, failed: 1, givenUp: 0, error });
    });
    await serve([failing], () => expect(at).toBeGreaterThan(6));
    expect(said).toEqual(['mail: refused', 'mail: answers again', 'mail: refused']);
  });

  it('survives database errors, and continues when the database answers', async () => {
    let at = 0;
    const round = () =>
      at++ === 0 ? Promise.reject(new Error('the database is gone')) : Promise.resolve(TOLD);
    const told = await serve([destination('webhook', round)], () => expect(at).toBeGreaterThan(1));
    expect(said).toEqual(['webhook: the database is gone']);
    expect(told).toContain('webhook');
  });

  it('passes on the error of a round that has thrown, since it is the health of its destination', async () => {
    const round = () => Promise.reject(new Error('permission denied'));
    await serve([destination('mail', round)], () => expect(rounds.length).toBeGreaterThan(0));
    expect(rounds[0]).toMatchObject({ told: 0, error: 'permission denied', isBroken: true });
  });
});
