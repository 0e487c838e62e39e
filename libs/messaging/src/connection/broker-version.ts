import type { ChannelModel } from 'amqplib';

/** The version that the broker names when it is connected to; undefined if it names none. */
export function brokerVersion(connection: ChannelModel): string | undefined {
  const { version } = connection.connection.serverProperties as { version?: unknown };
  return typeof version === 'string' ? version : undefined;
}
