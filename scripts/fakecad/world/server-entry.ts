import * as v from 'valibot';
import { integer } from './unit.ts';

/** A game server in the CAD's list. Loose, since a list that is read and put back must keep what it does not know. */
export const serverEntrySchema = v.looseObject({
  id: integer,
  name: v.optional(v.string()),
  description: v.optional(v.string()),
  signal: v.optional(v.string()),
  mapUrl: v.optional(v.string()),
  mapIp: v.optional(v.string()),
  listenerPort: v.optional(v.string()),
  differingOutbound: v.optional(v.boolean()),
  outboundIp: v.optional(v.string()),
  enableMap: v.optional(v.boolean()),
  mapType: v.optional(v.picklist(['NORMAL', 'POSTAL', 'OCRP POSTAL'])),
  isStatic: v.optional(v.boolean()),
  liveMapFormat: v.optional(v.picklist([0, 1])),
});

export type ServerEntry = v.InferOutput<typeof serverEntrySchema>;

/** An entry as a community has it before a game server registers itself: no address, no port. */
export function unregisteredServer(id: number): ServerEntry {
  return {
    id,
    name: `Server ${id}`,
    description: '',
    signal: '100',
    mapUrl: '',
    mapIp: '',
    listenerPort: '',
    differingOutbound: false,
    outboundIp: '',
    enableMap: true,
    mapType: 'NORMAL',
    isStatic: false,
    liveMapFormat: 0,
  };
}
