import { faultOf } from './sql-state.js';

test.each([
  ['22021', 'data'],
  ['23514', 'data'],
  ['08006', 'environment'],
  ['08P01', 'unknown'],
  ['25006', 'environment'],
  ['40P01', 'environment'],
  ['42501', 'environment'],
  ['53100', 'environment'],
  ['55P03', 'environment'],
  ['57014', 'environment'],
  ['58030', 'environment'],
  ['54000', 'unknown'],
  ['P0001', 'unknown'],
  ['XX000', 'unknown'],
  ['ETIMEDOUT', 'environment'],
  [undefined, 'environment'],
])('an error with the code %s: the fault is %s', (code, fault) => {
  expect(faultOf(Object.assign(new Error('it failed'), { code }))).toBe(fault);
});

test('a programming error: the fault is unknown', () => {
  expect(faultOf(new TypeError('x is undefined'))).toBe('unknown');
});
