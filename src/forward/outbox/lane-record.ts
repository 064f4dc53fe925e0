import * as z from 'zod';
import { readJson } from './read-json.ts';

const LANE_VERSION = 1;

// Not made when it is first asked for: see event-record.ts.
const laneRecord = z.object({
  v: z.literal(LANE_VERSION),
  /** Events up to this one are done, but for those marked otherwise. */
  seq: z.int().min(0),
  /** Whether the target has ever answered 2xx. */
  answered: z.boolean(),
  /** Whether it takes events and never answers. */
  silent: z.boolean(),
  /** A hash of its address, which is a secret: to tell whether it has changed. */
  address: z.string(),
});

/** What is kept of a lane. */
export type LaneRecord = Readonly<Omit<z.output<typeof laneRecord>, 'v'>>;

export function writeLane(record: LaneRecord): string {
  return JSON.stringify({ v: LANE_VERSION, ...record } satisfies z.input<typeof laneRecord>);
}

/** @returns 'newer' for a record of a later version of this resource */
export function readLane(value: string | null): LaneRecord | 'newer' | 'corrupt' {
  const content = readJson(value ?? '');
  const version = (content as { v?: unknown } | null)?.v;
  if (typeof version === 'number' && version > LANE_VERSION) return 'newer';
  const read = laneRecord.safeParse(content);
  return read.success ? read.data : 'corrupt';
}
