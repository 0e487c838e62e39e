/**
 * What a consumer of batches does now:
 *
 * - `probing`: asks whether the environment is fit; takes nothing.
 * - `isolating`: takes one message at a time, so that neither an environment that only seems fit nor a message that kills its consumer
 *   drags others along.
 * - `open`: takes what has arrived as batches.
 * - `paused`: takes nothing, and waits before it probes again.
 */
export type ConsumerState = 'probing' | 'isolating' | 'open' | 'paused';

export type ConsumerEvent =
  /** The environment is fit. */
  | 'fit'
  /** A message that was taken alone is settled. */
  | 'went_well'
  /** A message came that may have killed its consumer, or more is held than may be. */
  | 'doubtful'
  /** Something around us is at fault, or the channel is gone. */
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

/** The state after an event. @throws where the event cannot happen in that state */
export function nextState(state: ConsumerState, event: ConsumerEvent): ConsumerState {
  const next = CONSUMER_TRANSITIONS[state][event];
  if (next === undefined) throw new Error(`a consumer that is ${state} has no event ${event}`);
  return next;
}
