import type { FastifyReply, FastifyRequest } from 'fastify';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Streamed } from './endpoint.js';

const shrink = promisify(gzip);
const known = new WeakMap<Streamed, Promise<Streamed>>();

/**
 * An answer as the client takes it, compressed once for all who get the same one.
 *
 * Not for an answer in which a secret stands beside what a client may choose: its length would tell the secret.
 */
export async function compressed(
  answer: Streamed<string>,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<Streamed> {
  void reply.header('vary', 'accept-encoding');
  if (!takesGzip(headers['accept-encoding'])) return answer;
  const { contentType, content } = answer;
  let shrinking = known.get(answer);
  if (!shrinking) {
    shrinking = shrink(content).then((it) => new Streamed(contentType, it));
    known.set(answer, shrinking);
    // What failed is tried again by who asks next.
    shrinking.catch(() => known.delete(answer));
  }
  const shrunk = await shrinking;
  // Not before: an answer about a failure is not compressed.
  void reply.header('content-encoding', 'gzip');
  return shrunk;
}

function takesGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .map((one) => one.trim().split(/\s*;\s*q=/i))
    .some(([coding, weight]) => coding!.toLowerCase() === 'gzip' && Number(weight ?? 1) > 0);
}
