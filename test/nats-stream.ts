import { createRequire } from 'node:module';
import type * as JetStream from '@nats-io/jetstream';
import type * as Transport from '@nats-io/transport-node';

const require = createRequire(import.meta.url);
const { jetstreamManager } = require('@nats-io/jetstream') as typeof JetStream;
const { connect } = require('@nats-io/transport-node') as typeof Transport;

/** A message as a stream has it. */
export interface StoredMessage {
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The operator's view of a broker, with the client that the operator's own tools are made of. */
export async function openBroker(url: string, options: Transport.NodeConnectionOptions = {}) {
  const connection = await connect({ servers: url, ...options });
  const manager = await jetstreamManager(connection, { checkAPI: false });
  return {
    connection,
    manager,
    /** A stream of its own for `sonoran.push.>` unless said otherwise. */
    addStream: (config: Partial<JetStream.StreamConfig> = {}) =>
      manager.streams.add({
        name: 'sonoran',
        subjects: ['sonoran.push.>'],
        duplicate_window: 3_600_000_000_000,
        ...config,
      }),
    /** Everything in a stream, in order. */
    async messages(stream = 'sonoran'): Promise<StoredMessage[]> {
      const { state } = await manager.streams.info(stream);
      const found: StoredMessage[] = [];
      for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq += 1) {
        const message = await manager.streams.getMessage(stream, { seq });
        if (message === null) continue;
        const headers = Object.fromEntries([...message.header].map(([name, [value = '']]) => [name, value]));
        found.push({ subject: message.subject, text: message.string(), headers, at: message.time.getTime() });
      }
      return found;
    },
    close: () => connection.close(),
  };
}
