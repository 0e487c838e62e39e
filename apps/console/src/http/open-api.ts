import { z } from 'zod';
import type { Endpoint } from './endpoint.js';
import { problemSchema } from './problem.js';

/** The OpenAPI 3.1 document of the API, made of its endpoints. A schema with an id is a component by that name. */
export function openApiDocument(endpoints: readonly Endpoint[]): object {
  const components: Components = {};
  const problem = schemaOf(problemSchema, 'output', components);
  const paths: Record<string, Record<string, object>> = {};
  for (const one of endpoints)
    (paths[one.path] ??= {})[one.method.toLowerCase()] = operation(one, problem, components);
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
      schemas: components,
    },
    security: [{ token: [] }, { session: [] }],
    paths,
  };
}

type Components = Record<string, object>;

function operation(
  { method, path, summary, needs, schemas, answer, contentType, alsoAs = [] }: Endpoint,
  problem: object,
  components: Components,
): object {
  const words = path.split(/\W+/).filter((word) => word !== '');
  return {
    operationId: [method.toLowerCase(), ...words].join('_'),
    summary,
    'x-role': needs,
    ...(needs === 'nobody' && { security: [] }),
    parameters: [...parameters('path', schemas.params), ...parameters('query', schemas.query)],
    ...(schemas.body && {
      requestBody: { required: true, content: json(schemaOf(schemas.body, 'input', components)) },
    }),
    responses: {
      ...(answer
        ? {
            200: {
              description: 'done',
              content: {
                ...json(schemaOf(answer, 'output', components), contentType),
                ...Object.fromEntries(alsoAs.map((type) => [type, { schema: { type: 'string' } }])),
              },
            },
          }
        : { 204: { description: 'done' } }),
      default: {
        description: 'a problem',
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}

const json = (schema: object, contentType = 'application/json') => ({ [contentType]: { schema } });

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', {}) as {
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

/** The JSON Schema, which refers to schemas with names; these are added to the components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Components): object {
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }))
      // The only schema that refers to itself and has no name is that of any JSON.
      .replaceAll(/"(#\/\$defs\/)?__schema\d+"/g, '"$1Json"')
      .replaceAll('"#/$defs/', '"#/components/schemas/'),
  );
  Object.assign(components, $defs);
  return rest;
}
