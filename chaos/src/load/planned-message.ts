import type { Report, WireMessage } from '@backup-awareness/testing/messages';
import type { Options } from 'amqplib';

/** One message of a load, and what must become of it. */
export interface PlannedMessage {
  /** Its own number, or that of the message of which it is a deliberate copy. */
  readonly original: number;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: Options.Publish;
  /** If present, it is published byte for byte with these instead of the above. The broker may refuse such a message. */
  readonly wire?: Pick<WireMessage, 'routingKey' | 'properties'>;
  /** `either`: stored or a dead letter, but exactly one of them. */
  readonly fate: 'stored' | 'dead letter' | 'either';
  /** Its expected row, if known. */
  readonly row?: ExpectedRow;
  /** The expected path of the error in a dead letter, if known. */
  readonly errorPath?: string;
}

export interface ExpectedRow {
  readonly eventId: string;
  readonly report: Report;
}

/** When the messages of a load were made, by number, in ms since 1970. */
export type MadeAt = readonly number[];
