/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS has no other synchronous way to load a module */
// Replaces node:tls in the bundle, which amqplib loads even for a connection without TLS.
exports.connect = (...given) => require('tls').connect(...given);
