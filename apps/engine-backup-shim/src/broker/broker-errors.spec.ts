import { explainConnectFailure } from './broker-errors.js';

/** Node's error when none of a host's addresses can be reached: it has no message of its own. */
function noneReached(...messages: string[]): Error {
  const errors = messages.map((message) => new Error(message));
  return Object.assign(new AggregateError(errors), { code: 'ENETUNREACH' });
}

describe('a connection that could not be opened', () => {
  it('is explained with the error of each address of the broker', async () => {
    const error = noneReached(
      'connect ENETUNREACH 2001:db8::1:5672',
      'connect EHOSTUNREACH 192.0.2.1:5672',
    );
    expect(await explainConnectFailure(error, 'amqp://broker.example.com', 'host')).toBe(
      'cannot connect to amqp://broker.example.com: connect ENETUNREACH 2001:db8::1:5672; connect EHOSTUNREACH 192.0.2.1:5672',
    );
  });
});
