import { createEmptyDatabase } from '@backup-awareness/testing';
import { dataSourceFor } from './data-source-for.js';
import { onDatabase } from './on-database.js';
import { findPrimary, serversOf } from './primary.js';

describe('a database URL with several servers', () => {
  const URL_OF_TWO =
    'postgresql://u:p@a:5432/db?host=a,b&port=5432,5433&target_session_attrs=read-write';

  it('names each of them, with its port', () => {
    expect(serversOf(URL_OF_TWO)).toEqual([
      'postgresql://u:p@a:5432/db',
      'postgresql://u:p@b:5433/db',
    ]);
  });

  it('may name addresses and sockets, and keeps what else it says', () => {
    const url =
      'postgresql://u@a/db?host=::1,%2Frun%2Fdb&target_session_attrs=primary&sslmode=require';
    expect(serversOf(url)).toEqual([
      'postgresql://u@[::1]:5432/db?sslmode=require',
      'postgresql://u@%2Frun%2Fdb:5432/db?sslmode=require',
    ]);
  });

  it('is left alone if it names one', () => {
    const url = 'postgresql://u:p@a:5432/db?sslmode=verify-full';
    expect(serversOf(url)).toEqual([url]);
  });

  it.each([
    ['no target_session_attrs', 'a/db?host=a,b', 'expected target_session_attrs=read-write'],
    ['another one', 'a/db?host=a,b&target_session_attrs=standby', 'got standby'],
    [
      'too few ports',
      'a/db?host=a,b,c&port=1,2&target_session_attrs=read-write',
      'expected one port or 3',
    ],
    ['its hosts before the path', 'a,b/db', 'expected several hosts as ?host=a,b'],
  ])('is refused with %s', (_, rest, message) => {
    expect(() => serversOf(`postgresql://u:p@${rest}`)).toThrow(message);
    expect(() => dataSourceFor(`postgresql://u:p@${rest}`)).toThrow(message);
  });

  describe('of which the first is gone', () => {
    let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
    beforeAll(async () => {
      database = await createEmptyDatabase();
    });
    afterAll(() => database.drop());

    const both = () => {
      const url = new URL(database.url);
      url.searchParams.set('host', '127.0.0.1,127.0.0.1');
      url.searchParams.set('port', `1,${url.port}`);
      url.searchParams.set('target_session_attrs', 'read-write');
      return url.href;
    };

    it('connects to the other one', async () => {
      const rows = await onDatabase(both(), 'service', async (client) => {
        return (await client.query('SELECT current_database() AS name')).rows;
      });
      expect(rows).toEqual([{ name: new URL(database.url).pathname.slice(1) }]);
    });

    it('says why each is not the primary, if none is', async () => {
      const url = new URL(both());
      url.searchParams.set('port', '1,2');
      await expect(findPrimary(url.href, {})).rejects.toThrow(
        /no server of the database URL is the primary: 127\.0\.0\.1:1 \(.+\); 127\.0\.0\.1:2 \(.+\)/,
      );
    });
  });
});
