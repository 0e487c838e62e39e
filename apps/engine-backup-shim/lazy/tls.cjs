/* eslint-disable @typescript-eslint/no-require-imports -- a bundle of CommonJS asks for modules in no other way at once */
// In the bundle in place of node:tls, which amqplib asks for even where the broker is spoken to without it.
exports.connect = (...given) => require('tls').connect(...given);
