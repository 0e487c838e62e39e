import type { Identity } from '@backup-awareness/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Access } from '../access/identify.js';

/** What a handler gets. The parts of the request are parsed by the endpoint's schemas. */
export interface Call<Parts extends Schemas = Schemas> {
  readonly db: DataSource;
  readonly access: Access;
  readonly identity: Identity;
  readonly params: PartOf<Parts, 'params'>;
  readonly query: PartOf<Parts, 'query'>;
  readonly body: PartOf<Parts, 'body'>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type PartOf<Parts extends Schemas, Name extends keyof Schemas> =
  Parts[Name] extends z.ZodType<infer Output> ? Output : Record<string, never>;

export interface Schemas {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}

/** One endpoint of the API: what is served, what is allowed, and what the OpenAPI document says is all made of this. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, as OpenAPI writes it. */
  readonly path: string;
  readonly summary: string;
  /** `nobody`: works without signing in. A viewer may do nothing that changes the product. */
  readonly needs: 'nobody' | 'viewer' | 'operator';
  readonly schemas: Schemas;
  /** Of the answer in JSON; undefined: no content. */
  readonly answer?: z.ZodType;
  /** Of the answer; JSON by default. */
  readonly contentType?: 'text/event-stream';
  /** Other media types of the answer, chosen by `Accept`. */
  readonly alsoAs?: readonly string[];
  readonly handle: (call: never) => unknown;
}

/** An answer that is sent as it is; every other result of a handler is written as JSON. */
export class Streamed<Content extends Readable | Buffer | string = Readable | Buffer | string> {
  constructor(
    readonly contentType: string,
    readonly content: Content,
  ) {}
}

/** Whether a client asks for a media type by name. */
export function accepts({ headers }: FastifyRequest, mediaType: string): boolean {
  const ranges = (headers.accept ?? '').split(',');
  return ranges.some((range) => range.split(';')[0]!.trim().toLowerCase() === mediaType);
}

/** Types the handler by the schemas. */
export function endpoint<const Parts extends Schemas>(
  definition: Omit<Endpoint, 'schemas' | 'handle'> & {
    readonly schemas: Parts;
    readonly handle: (call: Call<Parts>) => unknown;
  },
): Endpoint {
  return definition as unknown as Endpoint;
}
