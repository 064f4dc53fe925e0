import * as v from 'valibot';
import { readJson } from './read-json.ts';

const LANE_VERSION = 1;

const laneRecord = v.object({
  v: v.literal(LANE_VERSION),
  /** Events up to this one are done, but for those marked otherwise. */
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Whether the target has ever answered 2xx. */
  answered: v.boolean(),
  /** Whether it takes events and never answers. */
  silent: v.boolean(),
  /** A hash of its address, which is a secret: to tell whether it has changed. */
  address: v.string(),
});

/** What is kept of a lane. */
export type LaneRecord = Readonly<Omit<v.InferOutput<typeof laneRecord>, 'v'>>;

export function writeLane(record: LaneRecord): string {
  return JSON.stringify({ v: LANE_VERSION, ...record } satisfies v.InferInput<typeof laneRecord>);
}

/** @returns 'newer' for a record of a later version of this resource */
export function readLane(value: string | null): LaneRecord | 'newer' | 'corrupt' {
  const content = readJson(value ?? '');
  const version = (content as { v?: unknown } | null)?.v;
  if (typeof version === 'number' && version > LANE_VERSION) return 'newer';
  const read = v.safeParse(laneRecord, content);
  return read.success ? read.output : 'corrupt';
}
