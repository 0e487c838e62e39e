import type { FastifyReply, FastifyRequest } from 'fastify';
import { gunzipSync } from 'node:zlib';
import { compressed } from './compressed.js';
import { Streamed } from './endpoint.js';

const request = { headers: { 'accept-encoding': 'gzip' } } as unknown as FastifyRequest;

function anyReply() {
  const set = new Map<string, unknown>();
  const reply = { header: (name: string, value: unknown) => set.set(name, value) };
  return { set, reply: reply as unknown as FastifyReply };
}

test('an answer that could not be compressed is not said to be, and is compressed when it is asked for again', async () => {
  // What gzip refuses, the first time.
  let content: unknown = 1;
  const answer = Object.defineProperty(new Streamed('application/json', ''), 'content', {
    get: () => content,
  });
  const first = anyReply();
  await expect(compressed(answer, request, first.reply)).rejects.toThrow();
  expect([...first.set.keys()]).toEqual(['vary']);

  content = '{}';
  const next = anyReply();
  const { content: shrunk } = await compressed(answer, request, next.reply);
  expect(gunzipSync(shrunk as Buffer).toString()).toBe('{}');
  expect(next.set.get('content-encoding')).toBe('gzip');
});
