import { publishLoad, type PublishLoad } from './publish-load.js';

// A process of its own, so that it can be killed, and is not part of what it judges. At SIGTERM it delivers what it has made, and
// ends.
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());
// Its parent holds the other end: when the parent ends, so does this process.
process.stdin.on('close', () => process.exit(1)).resume();
// In the environment, since it has a password.
const options = JSON.parse(process.env['CHAOS_LOAD'] ?? '{}') as PublishLoad;
await publishLoad(options, stopping.signal);
process.exit(0);
