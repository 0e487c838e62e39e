import { CommanderError } from 'commander';
import { exitCodeOf, reasonOf, Unreachable, WrongUse } from './failure.js';

test.each([
  ['wrong use', new WrongUse('x'), 2],
  ['a refusal of the administration', Object.assign(new Error('x'), { name: 'RefusedError' }), 2],
  [
    'a refusal of the environment',
    Object.assign(new Error('x'), { name: 'ConfigurationError' }),
    2,
  ],
  ['an unknown option', new CommanderError(1, 'commander.unknownOption', 'error: x'), 2],
  ['requested help', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
  ['something unreachable', new Unreachable('x'), 3],
  ['anything else', new TypeError('x'), 1],
])('%s', (_what, error, exitCode) => {
  expect(exitCodeOf(error)).toBe(exitCode);
});

test('a reason is one line without control characters', () => {
  expect(reasonOf(new Error('first\n  second\x1b[2J\n'))).toBe('first second\\x1b[2J');
});

test('a reason never contains the password of a URL', () => {
  expect(reasonOf(new Error('no answer from amqp://admin:s3cr%2Fet@host:5672/x'))).toBe(
    'no answer from amqp://admin:…@host:5672/x',
  );
});

test('an error about several addresses has the reason of each', () => {
  const error = new AggregateError([new Error('refused ::1'), new Error('refused 127.0.0.1')]);
  expect(reasonOf(error)).toBe('refused ::1; refused 127.0.0.1');
});
