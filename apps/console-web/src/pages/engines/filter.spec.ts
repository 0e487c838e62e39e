import { filterOf, isFiltered, queryOf } from './filter.js';

const read = (address: string) => filterOf(new URLSearchParams(address));

test('given an empty address, all engines are listed, the worst first', () => {
  expect(read('')).toMatchObject({ search: '', verdict: undefined, sort: 'worst' });
  expect(queryOf(read(''))).toEqual({});
  expect(isFiltered(read('sort=age'))).toBe(false);
});

test('an address is read, and written as it was', () => {
  const address = 'search=brno&verdict=too_old&sort=age&share_from=1.1&share_below=1.2';
  expect(new URLSearchParams(queryOf(read(address)) as Record<string, string>).toString()).toBe(
    address,
  );
  expect(isFiltered(read(address))).toBe(true);
});

test('what makes no sense in an address is left out', () => {
  expect(queryOf(read('verdict=green&sort=size&share_from=-1&share_below=x&search=%20'))).toEqual(
    {},
  );
});
