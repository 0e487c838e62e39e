/**
 * The states of a batch consumer:
 *
 * - `probing`: checks whether the environment is fit; consumes nothing.
 * - `isolating`: consumes one message at a time, so that neither an environment that only seems fit nor a message that kills its consumer
 *   affects other messages.
 * - `open`: consumes in batches.
 * - `paused`: consumes nothing, and waits before it probes again.
 */
export type ConsumerState = 'probing' | 'isolating' | 'open' | 'paused';

export type ConsumerEvent =
  /** The environment is fit. */
  | 'fit'
  /** A message that was consumed alone is settled. */
  | 'went_well'
  /** A message arrived that may have killed its consumer, or more is held than allowed. */
  | 'doubtful'
  /** The environment is at fault, or the channel is gone. */
  | 'fault'
  /** The pause is over. */
  | 'pause_over';

export const CONSUMER_TRANSITIONS: Readonly<
  Record<ConsumerState, Readonly<Partial<Record<ConsumerEvent, ConsumerState>>>>
> = {
  probing: { fit: 'isolating', fault: 'paused' },
  isolating: { went_well: 'open', doubtful: 'isolating', fault: 'paused' },
  open: { doubtful: 'isolating', fault: 'paused' },
  paused: { pause_over: 'probing' },
};

/** The state after an event. @throws if the event cannot happen in that state */
export function nextState(state: ConsumerState, event: ConsumerEvent): ConsumerState {
  const next = CONSUMER_TRANSITIONS[state][event];
  if (next === undefined) throw new Error(`a consumer that is ${state} has no event ${event}`);
  return next;
}
