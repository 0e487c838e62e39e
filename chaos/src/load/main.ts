import { publishLoad, type PublishLoad } from './publish-load.js';

// A process of its own, so that it can be killed, and so that it is no part of what it watches over. SIGTERM has it deliver
// what it has made, and end.
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());
// Whoever started it holds the other end: without him it goes, too.
process.stdin.on('close', () => process.exit(1)).resume();
// In the environment, since it holds a password.
const options = JSON.parse(process.env['CHAOS_LOAD'] ?? '{}') as PublishLoad;
await publishLoad(options, stopping.signal);
process.exit(0);
