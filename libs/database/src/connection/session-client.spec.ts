import { createEmptyDatabase, createTcpProxy } from '@backup-awareness/testing';
import { SessionClient } from './session-client.js';

test('a connection that is lost before its settings are set is an error of connecting, and no more', async () => {
  const database = await createEmptyDatabase();
  const proxy = await createTcpProxy(database.url);
  const uncaught: unknown[] = [];
  const client = new SessionClient({ connectionString: proxy.urlThrough(database.url) });
  const emit = client.emit.bind(client);
  // What nobody listens for ends the process.
  client.emit = (event: string | symbol, ...values: unknown[]) => {
    if (event === 'error' && client.listenerCount('error') === 0) uncaught.push(values[0]);
    else emit(event as string, ...values);
    return true;
  };
  client.once('connect', () => proxy.cut());
  try {
    await expect(client.connect()).rejects.toThrow(/terminated|ECONNRESET/);
    expect(uncaught).toEqual([]);
  } finally {
    await proxy.close();
    await database.drop();
  }
});
