import * as z from 'zod';

const metaDataSchema = z.record(z.string(), z.string());

const noteSchema = z.looseObject({ time: z.string(), label: z.string(), type: z.string(), content: z.string() });

/** A call that units are attached to. */
export const dispatchCallSchema = z.looseObject({
  callId: z.int(),
  origin: z.int(),
  status: z.int(),
  priority: z.int(),
  block: z.string().default(''),
  address: z.string().default(''),
  postal: z.string().default(''),
  title: z.string().default(''),
  code: z.string().default(''),
  description: z.string().default(''),
  notes: z.array(noteSchema).default([]),
  idents: z.array(z.int()).default([]),
  primary: z.int().optional(),
  trackPrimary: z.boolean().optional(),
  metaData: metaDataSchema.optional(),
  updated: z.string().optional(),
});

export type DispatchCall = z.output<typeof dispatchCallSchema>;
export type DispatchNote = z.output<typeof noteSchema>;

/** A 911 call that waits for a dispatcher. */
export const emergencyCallSchema = z.looseObject({
  callId: z.int(),
  isEmergency: z.boolean(),
  caller: z.string(),
  location: z.string(),
  description: z.string(),
  metaData: metaDataSchema.optional(),
  updated: z.string().optional(),
});

export type EmergencyCall = z.output<typeof emergencyCallSchema>;

/** The status of a call that is over. */
export const CLOSED = 2;
