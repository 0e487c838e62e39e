/** A metric whose series are made when they are read, so that those that have ended are gone. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly samples: Iterable<Sample>;
}

/** One series. Instants are seconds since 1970. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A sample of an instant in milliseconds since 1970; none if there is nothing to tell. */
export function instantSamples(atMs: number | null): Sample[] {
  return atMs === null ? [] : [{ value: atMs / 1_000 }];
}

const CHUNK_CHARACTERS = 64 * 1024;

/** Gauges in the text format of Prometheus, in chunks. A family without samples is left out. */
export function* exposition(families: Iterable<MetricFamily>): Generator<string> {
  let chunk = '';
  for (const { name, help, samples } of families) {
    let isFirst = true;
    for (const { labels, value } of samples) {
      if (isFirst) chunk += `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
      isFirst = false;
      chunk += `${name}${labels ? labelsText(labels) : ''} ${value}\n`;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escaped(labels[name]!)}"`;
  return `{${text}}`;
}

const SPECIAL = /[\\\n"]/;

function escaped(value: string): string {
  // Hot: hardly any value has something to escape.
  if (!SPECIAL.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
