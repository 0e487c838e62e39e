import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { BrokerUrls, DatabaseUrls } from './prepare.js';
import type * as prepare from './prepare.js';
