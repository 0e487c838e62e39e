import type { Report, WireMessage } from '@backup-awareness/testing/messages';
import type { Options } from 'amqplib';

/** One message of a load, and what has to become of it. */
export interface PlannedMessage {
  /** Its own number, or the number of the message of which it is a copy on purpose. */
  readonly original: number;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: Options.Publish;
  /** Published byte for byte with these, not with the above. The broker may refuse such a message. */
  readonly wire?: Pick<WireMessage, 'routingKey' | 'properties'>;
  /** `either`: stored or a dead letter, but one of the two. */
  readonly fate: 'stored' | 'dead letter' | 'either';
  /** What its row has to say, where it is known. */
  readonly row?: ExpectedRow;
  /** Where a dead letter has to say that it is wrong, where that is known. */
  readonly errorPath?: string;
}

export interface ExpectedRow {
  readonly eventId: string;
  readonly report: Report;
}

/** When the messages of a load were made, by number, in ms since 1970. */
export type MadeAt = readonly number[];
