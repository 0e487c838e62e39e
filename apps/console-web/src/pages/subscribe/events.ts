/** What this page reads of the AsyncAPI document. */
export interface AsyncApi {
  readonly channels: Readonly<
    Record<string, { readonly messages: Readonly<Record<string, unknown>> }>
  >;
  readonly components: {
    readonly messages: Readonly<
      Record<
        string,
        {
          readonly summary?: string;
          readonly examples?: readonly { readonly payload?: unknown }[];
        }
      >
    >;
  };
}

export interface EventRow {
  readonly name: string;
  readonly summary: string;
  /** As JSON, indented; undefined where the document has none. */
  readonly example: string | undefined;
  /** Where its schema is; undefined where it has none. */
  readonly schema: string | undefined;
}

/**
 * The events of some channels of the document, in their order there.
 *
 * @param schemas addresses by path, as `…/BackupAlertRaised/1.json`
 */
export function eventsOf(
  { channels, components }: AsyncApi,
  schemas: Readonly<Record<string, string>>,
  names: readonly string[],
): { readonly channel: string; readonly events: readonly EventRow[] }[] {
  return names.map((channel) => ({
    channel,
    events: Object.keys(channels[channel]?.messages ?? {}).map((name) => {
      const message = components.messages[name];
      const example = message?.examples?.[0]?.payload;
      const path = Object.keys(schemas).find((each) => each.includes(`/${name}/`));
      return {
        name,
        summary: message?.summary ?? '',
        example: example === undefined ? undefined : JSON.stringify(example, null, 2),
        schema: path === undefined ? undefined : schemas[path],
      };
    }),
  }));
}
