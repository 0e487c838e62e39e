import { publishOnWire, type WireMessage } from '@backup-awareness/testing/messages';
import { connect, type ChannelModel } from 'amqplib';

/** Several, so that one batch of a consumer may have several of these messages. */
const LANES = 8;
/** The broker stops or an operator closed the connection: no message is to blame. */
const CONNECTION_FORCED = 320;

/** Publishes messages byte for byte, next to the connection of ordinary messages. */
export interface Wire {
  /**
   * Resolves with whether the broker confirmed the message or closed the channel or the connection because of it.
   *
   * @throws where it is unknown what became of the message
   */
  send(message: WireMessage): Promise<'confirmed' | 'refused'>;
  close(): Promise<void>;
}

export function openWire(amqpUrl: string): Wire {
  const lanes = Array.from({ length: LANES }, () => openLane(amqpUrl));
  let count = 0;
  return {
    send: (message) => lanes[count++ % LANES]!.send(message),
    close: async () => void (await Promise.all(lanes.map((lane) => lane.close()))),
  };
}

interface Connection {
  readonly model: ChannelModel;
  /** The error with which the broker closed it. */
  closedBy?: unknown;
}

/** Sends one message at a time: if the broker closes something, that message is the cause. */
function openLane(amqpUrl: string): Wire {
  let connection: Connection | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const close = async (): Promise<void> => {
    const closing = connection;
    connection = undefined;
    await closing?.model.close().catch(() => undefined);
  };
  const sendAlone = async (message: WireMessage): Promise<'confirmed' | 'refused'> => {
    const current = (connection ??= await openConnection(amqpUrl));
    try {
      const channel = await current.model.createConfirmChannel();
      await publishOnWire(channel, message);
      channel.close().catch(() => undefined);
      return 'confirmed';
    } catch (error) {
      await close();
      if (isRefusal(current.closedBy ?? error)) return 'refused';
      throw error;
    }
  };
  return {
    send: (message) => {
      const sent = last.then(() => sendAlone(message));
      last = sent.catch(() => undefined);
      return sent;
    },
    close,
  };
}

async function openConnection(amqpUrl: string): Promise<Connection> {
  const connection: Connection = {
    model: await connect(amqpUrl, { noDelay: true, timeout: 5_000 }),
  };
  connection.model.on('error', (error: unknown) => {
    connection.closedBy ??= error;
  });
  return connection;
}

/** Only the broker's own errors have an AMQP code; a broken socket has none. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' && code !== CONNECTION_FORCED;
}
