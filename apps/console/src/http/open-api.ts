import { z } from 'zod';
import type { Endpoint } from './endpoint.js';
import { problemSchema } from './problem.js';

/** The OpenAPI 3.1 document of the API, made of its endpoints. */
export function openApiDocument(endpoints: readonly Endpoint[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of endpoints) (paths[one.path] ??= {})[one.method.toLowerCase()] = operation(one);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Backup Awareness',
      version: '1',
      description:
        'How the backups of oVirt engines stand. All instants are RFC 3339 in UTC. Errors are problem details (RFC 9457).',
    },
    servers: [{ url: '/api/v1' }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
      },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
    security: [{ token: [] }, { session: [] }],
    paths,
  };
}

function operation({ method, path, summary, needs, schemas, answer }: Endpoint): object {
  const words = path.split(/\W+/).filter((word) => word !== '');
  return {
    operationId: [method.toLowerCase(), ...words].join('_'),
    summary,
    'x-role': needs,
    ...(needs === 'nobody' && { security: [] }),
    parameters: [...parameters('path', schemas.params), ...parameters('query', schemas.query)],
    ...(schemas.body && {
      requestBody: { required: true, content: json(schemaOf(schemas.body, 'input')) },
    }),
    responses: {
      ...(answer
        ? { 200: { description: 'done', content: json(schemaOf(answer, 'output')) } }
        : { 204: { description: 'done' } }),
      default: {
        description: 'a problem',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

const json = (schema: object) => ({ 'application/json': { schema } });

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: one,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
