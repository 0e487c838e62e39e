import {
  CONSUMER_TRANSITIONS,
  nextState,
  type ConsumerEvent,
  type ConsumerState,
} from './consumer-state.js';

const STATES = Object.keys(CONSUMER_TRANSITIONS) as ConsumerState[];
const after = (...events: ConsumerEvent[]) => events.reduce(nextState, 'probing' as ConsumerState);

describe('a consumer’s states', () => {
  it('consumes one message at a time before it consumes batches', () => {
    expect(after('fit')).toBe('isolating');
    expect(after('fit', 'went_well')).toBe('open');
  });

  it('consumes one at a time again when something is doubtful', () => {
    expect(after('fit', 'went_well', 'doubtful')).toBe('isolating');
  });

  it.each(['probing', 'isolating', 'open'] as const)(
    'pauses after a fault while it is %s, and probes before it consumes again',
    (state) => {
      expect(nextState(state, 'fault')).toBe('paused');
      expect(nextState('paused', 'pause_over')).toBe('probing');
    },
  );

  it('consumes batches only after a message went well alone', () => {
    const leadToOpen = STATES.flatMap((state) =>
      Object.entries(CONSUMER_TRANSITIONS[state])
        .filter(([, next]) => next === 'open')
        .map(([event]) => [state, event]),
    );
    expect(leadToOpen).toEqual([['isolating', 'went_well']]);
  });

  it('refuses an event that cannot happen', () => {
    expect(() => nextState('paused', 'fit')).toThrow('a consumer that is paused has no event fit');
  });

  it('can leave every state, and reach every state', () => {
    const reached = new Set(STATES.flatMap((state) => Object.values(CONSUMER_TRANSITIONS[state])));
    expect([...reached].sort()).toEqual([...STATES].sort());
    expect(STATES.every((state) => Object.keys(CONSUMER_TRANSITIONS[state]).length > 0)).toBe(true);
  });
});
