import * as v from 'valibot';
import { integer } from './unit.ts';

const metaDataSchema = v.record(v.string(), v.string());

export const noteSchema = v.looseObject({ time: v.string(), label: v.string(), type: v.string(), content: v.string() });

/** A call that units are attached to. */
export const dispatchCallSchema = v.looseObject({
  callId: integer,
  origin: integer,
  status: integer,
  priority: integer,
  block: v.optional(v.string(), ''),
  address: v.optional(v.string(), ''),
  postal: v.optional(v.string(), ''),
  title: v.optional(v.string(), ''),
  code: v.optional(v.string(), ''),
  description: v.optional(v.string(), ''),
  notes: v.optional(v.array(noteSchema), () => []),
  idents: v.optional(v.array(integer), () => []),
  primary: v.optional(integer),
  trackPrimary: v.optional(v.boolean()),
  metaData: v.optional(metaDataSchema),
  updated: v.optional(v.string()),
});

export type DispatchCall = v.InferOutput<typeof dispatchCallSchema>;

/** A 911 call that waits for a dispatcher. */
export const emergencyCallSchema = v.looseObject({
  callId: integer,
  isEmergency: v.boolean(),
  caller: v.string(),
  location: v.string(),
  description: v.string(),
  metaData: v.optional(metaDataSchema),
  updated: v.optional(v.string()),
});

export type EmergencyCall = v.InferOutput<typeof emergencyCallSchema>;

/** The status of a call that is over. */
export const CLOSED = 2;
