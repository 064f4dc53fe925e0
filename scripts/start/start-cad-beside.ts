import { type FakeCad, startFakeCad } from '../fakecad/fake-cad.ts';
import { samplePayload, sampleTypes } from '../send/sample-payloads.ts';

const COMMUNITY_ID = 'fakecad';
const SERVER_ID = '1';

/** A pretend CAD, and what the game server must be told to find it. */
export interface CadBeside {
  readonly cad: FakeCad;
  readonly convars: Readonly<Record<string, string>>;
}

/** Starts a pretend CAD that knows one game server, which has yet to say where it is. */
export async function startCadBeside(apiKey: string): Promise<CadBeside> {
  const cad = await startFakeCad({ apiKey, communityId: COMMUNITY_ID, samples: sampleEvents() });
  return {
    cad,
    convars: {
      sonoran_apiSendEnabled: 'true',
      sonoran_apiUrl: cad.url,
      sonoran_communityID: COMMUNITY_ID,
      sonoran_serverId: SERVER_ID,
      // It need not be found out, and no other machine is asked.
      sonoran_publicHost: 'localhost',
    },
  };
}

/** The sample events without their keys. */
export function sampleEvents(): object[] {
  return sampleTypes().map((type) => {
    const { key: _, ...event } = samplePayload(type).body;
    return event;
  });
}
