import { inOrderOf } from './order.js';
import type { Cell } from './wall.js';

const fresh = (fqdn: string): Cell => [fqdn, 'fresh', 0.5];
const old = (fqdn: string): Cell => [fqdn, 'too_old', 1.5];

test('engines keep their places and get what is new of them; new ones come last, those that are gone leave', () => {
  expect(
    inOrderOf([fresh('a'), fresh('b'), fresh('gone')], [fresh('new'), old('b'), fresh('a')]),
  ).toEqual([fresh('a'), old('b'), fresh('new')]);
});
