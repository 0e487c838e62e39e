// Loads no framework: for programs that run once.
export { eventMessage } from './event-message.js';
export { publishConfirmed } from './publish-confirmed.js';
export type { OutgoingMessage } from './publisher.js';
