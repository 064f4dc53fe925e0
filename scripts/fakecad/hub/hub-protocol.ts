import * as z from 'zod';

/** Ends each record of the JSON hub protocol. */
const SEPARATOR = '\u001e';

/** The kinds of message that are spoken here; there are more, about streams. */
export const MESSAGE = { invocation: 1, completion: 3, streamInvocation: 4, ping: 6, close: 7 } as const;

export const handshakeSchema = z.object({ protocol: z.string(), version: z.int() });

export const messageSchema = z.looseObject({
  type: z.int(),
  invocationId: z.string().optional(),
  target: z.string().optional(),
  arguments: z.array(z.unknown()).optional(),
});

export type HubMessage = z.output<typeof messageSchema>;

/** As a hub of ASP.NET has it, unless told otherwise. */
export const MOST_BYTES = 32 * 1024;

/** @returns a record as it goes over the wire */
export const encodeRecord = (message: object): string => JSON.stringify(message) + SEPARATOR;

/** Takes records out of messages, since a record may come in several. */
export interface RecordReader {
  /** @returns the texts of the records that are whole now; null when one has grown over 32 KiB */
  read(text: string): string[] | null;
}

export function createRecordReader(): RecordReader {
  let rest = '';
  return {
    read(text) {
      const records = (rest + text).split(SEPARATOR);
      rest = records.pop() ?? '';
      return [...records, rest].some((record) => Buffer.byteLength(record) > MOST_BYTES) ? null : records;
    },
  };
}
