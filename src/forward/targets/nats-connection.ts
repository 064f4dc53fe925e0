import { connectTo, type NatsClient, type NatsConnection, type Reaching } from './nats-client.ts';
import { type NatsTarget, replicasOf, STREAM_LIMITS, streamSubject } from './nats-settings.ts';

export type StreamConnection = Awaited<ReturnType<typeof openStream>>;

/**
 * Connects to a broker to publish to a stream, and makes the stream where it is to be made. The connection is not mended: the sender
 * opens another one when the time has come, since the client's own timers follow the game's ticks and do not say why it waits.
 *
 * @param server the one of the target's servers to connect to
 * @throws (as a rejection) an error by whose `code` or `name` the reason is known
 */
export async function openStream(client: NatsClient, server: string, target: NatsTarget, reaching: Reaching) {
  const connection = await connectTo(client, server, { ...target, servers: [server] }, reaching, { reconnect: false });
  try {
    await ensureStream(client, connection, target);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const publisher = client.jetstream(connection);
  return {
    /** Settles when the connection is over. */
    closed: connection.closed(),
    close: () => void connection.close(),
    /** @returns when the stream has it, be it from before */
    async publish(subject: string, id: string, body: Uint8Array, given: Record<string, string>, deadlineMs: number) {
      const headers = client.headers();
      for (const [name, value] of Object.entries(given)) headers.set(name, value);
      const expect = { streamName: target.stream };
      await publisher.publish(subject, body, { msgID: id, headers, timeout: deadlineMs, expect });
    },
  };
}

/** @throws (as a rejection) a StreamNotFoundError when there is none and none is to be made */
async function ensureStream({ jetstreamManager, nanos }: NatsClient, connection: NatsConnection, target: NatsTarget) {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  try {
    await manager.streams.info(target.stream);
    return;
  } catch (error) {
    const { name } = error as { name?: unknown };
    // An account that may only publish may not ask. Whether there is a stream, the first event tells.
    if (name !== 'StreamNotFoundError') return;
    if (!target.createStream) throw error;
  }
  await manager.streams.add({
    name: target.stream,
    subjects: [streamSubject(target.subject)],
    retention: 'limits',
    storage: 'file',
    discard: 'old',
    num_replicas: replicasOf(target),
    max_age: nanos(STREAM_LIMITS.maxAgeDays * 24 * 3_600_000),
    max_bytes: STREAM_LIMITS.maxGigabytes * 1024 ** 3,
    duplicate_window: nanos(STREAM_LIMITS.duplicatesMinutes * 60_000),
  });
}
