import { provideBlipExports } from '../../src/api/blip-exports.ts';
import { provideCallExports } from '../../src/api/call-exports.ts';
import { CallerWarnings } from '../../src/api/export-calls.ts';
import { provideLookupExports } from '../../src/api/lookup-exports.ts';
import { providePerformApiRequest } from '../../src/api/perform-api-request.ts';
import { providePlayerExports } from '../../src/api/player-exports.ts';
import type { CadRequest } from '../../src/cad/api/cad-api.ts';
import type { ApiErrorKind, ApiResult } from '../../src/cad/api/results.ts';
import { Players } from '../../src/game/players/players.ts';
import { State } from '../../src/game/state/state.ts';
import { createFakePlayerSource } from '../game/players/fake-player-source.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

type Export = (...args: unknown[]) => unknown;
const refusedAs = (kind: ApiErrorKind) =>
  ({ ok: false, error: { kind, status: 402, message: 'needs a plan', traceId: 't' } }) as const;

/** All exports that ask the CAD, for a resource named robbery, with a CAD that answers as a test wants it to. */
export function setUpApiExports() {
  const exported: Record<string, Export> = {};
  const asked: unknown[][] = [];
  const answers: { [name: string]: unknown } = {};
  const log = createRecordingLog();
  const clock = createManualClock();
  const players = new Players(createFakePlayerSource({}));
  const world = {
    ...{ fails: false, failsAfter: Number.POSITIVE_INFINITY, linked: true, kind: 'plan' as ApiErrorKind },
    /** The requests that fail, by their place from 1. */
    failing: new Set<number>(),
  };
  const context = {
    events: {
      provide(name: string, callback: Export) {
        exported[name] = callback;
      },
      caller: () => 'robbery',
    },
    link: {
      request: (async (name: string, input: unknown) => {
        asked.push([name, input]);
        const answer = answers[name] ?? {};
        const data = typeof answer === 'function' ? answer() : answer;
        const fails = world.fails || asked.length > world.failsAfter || world.failing.has(asked.length);
        return fails ? refusedAs(world.kind) : { ok: true, data };
      }) as unknown as CadRequest,
      sendUnitLocations: async () => false,
    },
    warnings: new CallerWarnings(log, 'sonorancad'),
    log,
    clock,
    game: {
      state: new State({ clock, players, emitsLegacy: () => false }),
      players,
      notifications: { nearestPostal: () => null },
    },
    requests: {
      identityInCad: (source: number) => (source === 7 ? '0c' : null),
      links: {
        isLinked: async (identity: string): Promise<ApiResult<boolean>> => {
          asked.push(['isLinked', identity]);
          return world.fails ? refusedAs(world.kind) : { ok: true, data: world.linked };
        },
      },
      setUnitStatus: async () => false,
    },
    onNet() {},
  };
  for (const provide of [provideCallExports, provideBlipExports, provideLookupExports, providePlayerExports]) {
    provide(context);
  }
  providePerformApiRequest(context);
  /** Calls an export with a callback at its end. @returns what the callback got */
  async function call(name: string, ...args: unknown[]): Promise<unknown[]> {
    let told: unknown[] = [];
    exported[name]?.(...args, (...given: unknown[]) => {
      told = given;
    });
    for (let turn = 0; turn < 40; turn += 1) await new Promise(setImmediate);
    return told;
  }
  return { exported, asked, answers, world, log, clock, call };
}
