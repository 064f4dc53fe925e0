import * as z from 'zod';

/** A game server in the CAD's list. Loose, since a list that is read and put back must keep what it does not know. */
export const serverEntrySchema = z.looseObject({
  id: z.int(),
  name: z.string().optional(),
  description: z.string().optional(),
  signal: z.string().optional(),
  mapUrl: z.string().optional(),
  mapIp: z.string().optional(),
  listenerPort: z.string().optional(),
  differingOutbound: z.boolean().optional(),
  outboundIp: z.string().optional(),
  enableMap: z.boolean().optional(),
  mapType: z.enum(['NORMAL', 'POSTAL', 'OCRP POSTAL']).optional(),
  isStatic: z.boolean().optional(),
  liveMapFormat: z.int().min(0).max(1).optional(),
});

export type ServerEntry = z.output<typeof serverEntrySchema>;

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
