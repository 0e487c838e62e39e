import type { ServiceReadiness } from '@backup-awareness/overview/surroundings';
import { serviceWatch } from './service-watch.js';

const SERVICES = { ingest: 'http://ingest', audit: 'http://audit' };
const LIMIT_MS = 120_000;

let nowMs: number;
let readiness: readonly ServiceReadiness[];
beforeEach(() => {
  nowMs = 1_000;
  readiness = [ready('ingest'), ready('audit')];
});

const ready = (name: string): ServiceReadiness => ({ name, url: '', unready: null });
const refused = (name: string): ServiceReadiness => ({
  name,
  url: '',
  unready: { kind: 'no_answer', error: 'refused' },
});
const watch = () =>
  serviceWatch(
    SERVICES,
    async () => readiness,
    () => nowMs,
  );

describe('a service', () => {
  it('is unready once it has not been ready for so long, with the latest reason', async () => {
    const services = watch();
    await services.ask();
    readiness = [ready('ingest'), refused('audit')];
    nowMs += LIMIT_MS;
    await services.ask();
    expect(services.unreadyFor(LIMIT_MS)).toEqual([]);
    nowMs += 1;
    expect(services.unreadyFor(LIMIT_MS)).toMatchObject([
      { name: 'audit', unready: { kind: 'no_answer', error: 'refused' } },
    ]);
  });

  it('is not unready after a moment in which it was not ready', async () => {
    const services = watch();
    await services.ask();
    readiness = [refused('ingest'), ready('audit')];
    nowMs += LIMIT_MS / 2;
    await services.ask();
    readiness = [ready('ingest'), ready('audit')];
    nowMs += LIMIT_MS;
    await services.ask();
    expect(services.unreadyFor(LIMIT_MS)).toEqual([]);
  });

  it('that is not asked is unready, too', () => {
    const services = watch();
    nowMs += LIMIT_MS + 1;
    expect(services.unreadyFor(LIMIT_MS)).toHaveLength(2);
  });
});
