import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  ENGINE_BACKUP_EXCHANGE,
  EVENTS,
  REQUESTS,
  WEBHOOK_EVENTS,
  type DataDescription,
  type EventDescription,
} from '@backup-awareness/contracts';
import { z } from 'zod';
import { exampleOf } from './asyncapi.js';
import { dataSchema, examplesOf, type JsonSchema } from './event-schema.js';

/** The exchanges, in the order in which a reader needs them. */
const CHANNELS = [
  {
    exchange: ALERTS_EXCHANGE,
    heading: 'Alerts',
    text: 'Published by the freshness-checker. Other components bind a queue of their own, subscriber.NAME, to this exchange.',
  },
  {
    exchange: ENGINE_BACKUP_EXCHANGE,
    heading: 'Reports of backups',
    text: 'Published by engine hosts. As bare JSON a report consists of the data alone; then the AMQP type or the routing key names the event.',
  },
  {
    exchange: ADMINISTRATION_EXCHANGE,
    heading: 'Administration',
    text: 'What administrators have changed, and what checks have found. The audit service records them.',
  },
] as const;

/** All messages on one page for people, without scripts and without anything to load. */
export function messagesPage(version: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
    <title>Messages · Backup Awareness</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <header>
      <h1>Messages of Backup Awareness ${escape(version)}</h1>
      <p>
        CloudEvents 1.0 in structured JSON (<code>application/cloudevents+json</code>) over AMQP 0-9-1, persistent. Delivery is at least once and in
        no promised order: deduplicate by <code>source</code> and <code>id</code>; <code>sequence</code> is the order of one engine’s alerts. Later
        versions only add optional fields: ignore those that you do not know.
      </p>
      <nav aria-label="Messages">
        ${CHANNELS.map(contents).join('')}${contentsOf('Requests', REQUESTS)}${contentsOf('Webhooks', WEBHOOK_EVENTS)}
      </nav>
    </header>
    <main>${CHANNELS.map(channel).join('')}${requests()}${webhooks()}</main>
  </body>
</html>
`;
}

type Channel = (typeof CHANNELS)[number];

function eventsOf({ exchange }: Channel): EventDescription[] {
  return EVENTS.filter((event) => event.exchange === exchange);
}

function contents(it: Channel): string {
  return contentsOf(it.heading, eventsOf(it));
}

function contentsOf(heading: string, messages: readonly { readonly name: string }[]): string {
  const links = messages.map(({ name }) => `<li><a href="#${name}">${name}</a></li>`);
  return `<section><h2>${heading}</h2><ul>${links.join('')}</ul></section>`;
}

function requests(): string {
  return `<section>
    <h2>Requests</h2>
    <p>Answered by direct reply-to (<code>amq.rabbitmq.reply-to</code>), with the <code>correlation_id</code> of the request. The body of a request is ignored.</p>
    ${REQUESTS.map(
      ({ name, summary, exchange, answer, example }) => `<article id="${name}">
      <h3><a href="#${name}">${name}</a></h3>
      <p>${escape(summary)}.</p>
      <p>Exchange <code>${exchange}</code>, routing key <code>${name}</code></p>
      ${fieldTable('the answer', z.toJSONSchema(answer, { io: 'input', unrepresentable: 'any' }) as JsonSchema)}
      <pre>${escape(JSON.stringify(example, null, 2))}</pre>
    </article>`,
    ).join('')}
  </section>`;
}

function webhooks(): string {
  return `<section>
    <h2>Webhooks</h2>
    <p>A webhook gets the events of alerts as above, and these two, which are not published: the broker may be what is lost.</p>
    ${WEBHOOK_EVENTS.map((event) => `<article id="${event.name}">${about(event)}</article>`).join('')}
  </section>`;
}

function fieldTable(of: string, schema: JsonSchema): string {
  return `<table>
      <thead><tr><th scope="col">Field of ${of}</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
      <tbody>${fields(schema)}</tbody>
    </table>`;
}

function channel(it: Channel): string {
  return `<section>
    <h2>${it.heading}</h2>
    <p>Exchange <code>${it.exchange}</code> (topic). ${escape(it.text)}</p>
    ${eventsOf(it).map(article).join('')}
  </section>`;
}

function article(event: EventDescription): string {
  const key = `Routing key <code>${escape(event.routingKey)}</code> · `;
  return `<article id="${event.name}">${about(event, key)}</article>`;
}

function about(event: DataDescription, key = ''): string {
  return `<h3><a href="#${event.name}">${event.name}</a></h3>
    <p>${escape(event.summary)}.</p>
    <p>${key}<a href="schemas/${event.name}/1.json">JSON Schema of its data</a></p>
    ${fieldTable('<code>data</code>', dataSchema(event))}
    ${examplesOf(event)
      .map((data) => `<pre>${escape(JSON.stringify(exampleOf(event, data), null, 2))}</pre>`)
      .join('')}`;
}

function fields(schema: JsonSchema): string {
  const { properties = {}, required = [] } = schema as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties)
    .map(([name, field]) => {
      const optional = required.includes(name) ? '' : ' <small>optional</small>';
      const description = String(field['description'] ?? '');
      return `<tr><th scope="row"><code>${name}</code>${optional}</th><td>${typeText(field)}</td><td>${escape(description)}</td></tr>`;
    })
    .join('');
}

function typeText(schema: JsonSchema): string {
  const { anyOf, items, type, format } = schema as {
    readonly anyOf?: readonly JsonSchema[];
    readonly items?: JsonSchema;
    readonly type?: string;
    readonly format?: string;
  };
  if (anyOf) return anyOf.map(typeText).join(' or ');
  if (items) return `list of ${typeText(items)}`;
  const values = 'const' in schema ? [schema['const']] : (schema['enum'] as unknown[] | undefined);
  if (values) return values.map((value) => `<code>${escape(String(value))}</code>`).join(', ');
  if (format === 'date-time') return 'instant';
  if (format === 'uuid') return 'UUID';
  return TYPES[type ?? ''] ?? 'any';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
  object: 'object',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
  :root { color-scheme: light dark; --line: light-dark(#d2d2d2, #4f5255); --dim: light-dark(#f5f5f5, #222427); }
  body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.5rem 4rem; font: 1rem/1.5 system-ui, sans-serif; }
  nav { display: flex; flex-wrap: wrap; gap: 0 3rem; }
  nav h2 { font-size: 1rem; margin: 0; }
  nav ul { margin: 0.25rem 0 1rem; padding: 0; list-style: none; }
  h3 a { color: inherit; text-decoration: none; }
  article { border-top: 1px solid var(--line); margin-top: 2rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { border-bottom: 1px solid var(--line); padding: 0.35rem 1rem 0.35rem 0; text-align: start; vertical-align: top; font-weight: normal; }
  thead th { font-weight: 600; }
  tbody th { white-space: nowrap; }
  pre { background: var(--dim); padding: 0.75rem 1rem; overflow: auto; }
  code, pre { font-size: 0.875rem; }
`;
