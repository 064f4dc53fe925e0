import { setImmediate as pass } from 'node:timers/promises';
import type { ListStore } from '../../../src/cad/registration/known-servers.ts';
import { Registration, type RegistrationOptions } from '../../../src/cad/registration/registration.ts';
import type { RegistrationReport } from '../../../src/cad/registration/report.ts';
import type { CadSettings } from '../../../src/cad/settings.ts';
import { configKeys } from '../../../src/config/schema.ts';
import { createManualClock, type ManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { type PretendCad, type RegistrationApi, requestOf } from './pretend-cad.ts';

export const OWN_ADDRESS = '203.0.113.5';

export function configOf(changes: Partial<CadSettings> = {}): CadSettings {
  return {
    communityID: 'mycommunity',
    serverId: 1,
    transport: 'auto',
    registration: configKeys.registration.default as CadSettings['registration'],
    disableOverride: false,
    publicHost: '',
    publicPort: 0,
    addressServices: [],
    apiSendEnabled: true,
    apiKeys: ['a-key-of-the-community-0123456789'],
    apiUrl: '',
    mode: 'production',
    legacyEvents: 'auto',
    call911FromClients: 'limited',
    linkCommand: 'link',
    panicCommand: 'panic',
    unitCommands: { name: 'dn', respond: 'respond', note: 'note', respondWhileDispatcherOnline: true },
    ...changes,
  };
}

/** Creates a store that a test can pass to a second registration, like a restart. */
export function createListStore(
  kept: Record<string, string> = {},
): ListStore & { readonly kept: Record<string, string> } {
  return {
    kept,
    get: (key) => kept[key] ?? null,
    set(key, value) {
      kept[key] = value;
    },
  };
}

/** Creates a registration of a game server at {@link OWN_ADDRESS} and port 30120. Its random numbers are all 0.5. */
export function setUpRegistration(
  cad: PretendCad,
  changes: Partial<CadSettings> = {},
  {
    api = cad.api,
    lookup = () => Promise.reject(new Error('nobody has that name')),
    ...others
  }: Partial<Omit<RegistrationOptions, 'api' | 'lookup'>> & {
    readonly api?: RegistrationApi;
    readonly clock?: ManualClock;
    lookup?(name: string): Promise<readonly string[]>;
  } = {},
) {
  const clock = others.clock ?? createManualClock();
  const log = createRecordingLog();
  const current = { config: configOf(changes) };
  const registration = new Registration({
    config: () => current.config,
    api: { isEnabled: () => api.isEnabled(), request: requestOf(api) },
    store: createListStore(),
    gamePort: 30120,
    resourceName: 'sonorancad',
    isBesideOfficial: () => false,
    askAddress: async () => OWN_ADDRESS,
    lookup: (name, _options, callback) =>
      void lookup(name).then(
        (addresses) =>
          callback(
            null,
            addresses.map((address) => ({ address, family: 4 })),
          ),
        (error) => callback(error, []),
      ),
    random: () => 0.5,
    log,
    ...others,
    clock,
  });
  const printed = () => log.lines.map(({ level, message }) => `${level}: ${message}`);
  return {
    registration,
    clock,
    log,
    current,
    printed,
    run: () => finished(clock, registration.run()),
    confirm: () => finished(clock, registration.confirm()),
  };
}

/** Advances the clock from timer to timer until a promise settles. */
export async function finish<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let isKept = false;
  const kept = promise.finally(() => {
    isKept = true;
  });
  for (await pass(); !isKept; await pass()) clock.advance(Number.isFinite(clock.nextIn) ? clock.nextIn : 0);
  return kept;
}

/** Advances the clock until a run has ended. @throws when the run was superseded or stopped */
async function finished(clock: ManualClock, run: Promise<RegistrationReport | null>): Promise<RegistrationReport> {
  const report = await finish(clock, run);
  if (report === null) throw new Error('The run was superseded or stopped.');
  return report;
}

/** Advances the clock from timer to timer by the given time, with passes of the event loop in between. */
export async function pause(clock: ManualClock, milliseconds: number): Promise<void> {
  await pass();
  for (let left = milliseconds; left > 0; await pass()) {
    const step = Math.min(left, clock.nextIn);
    clock.advance(step);
    left -= step;
  }
}
