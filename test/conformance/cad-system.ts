import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeCad } from '../../packages/fakecad/src/index.ts';
import { startCad } from '../../packages/fakecad/test/started-cads.ts';
import type { ConnectedPlayer } from '../../packages/fxhost/src/index.ts';
import { manifest, printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { KEY, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';
import type { Language } from './system.ts';

/** A server with the resource, and the pretend CAD that it asks over HTTP. */
export interface CadSystem extends ServedResource {
  readonly cad: FakeCad;
  /** The player 7, whose unit is 12. */
  readonly player: ConnectedPlayer;
  /**
   * Runs a consumer, a file of this folder or the source of one, which prints lists as JSON and `end` when it is through.
   *
   * @returns what it printed: lists, and other lines as they stand
   */
  consume(language: Language, consumer: string): Promise<unknown[]>;
  /** The requests that the CAD got since this was last asked, as `POST /v2/…` with their bodies. */
  asked(pattern?: RegExp): [request: string, body: unknown][];
}

/** The identity of the player 7, by which the CAD knows the account `account-12`. */
export const PLAYER = 'license:000000000000000000000000000000000000000c';
export const ACCOUNT = '00000000-0000-4000-8000-000000000012';

/** What both languages have for telling. */
const BEFORE: Readonly<Record<Language, string>> = {
  lua: `
local cad = exports.sonorancad
local function tell(...) print(json.encode({ ... })) end
local function awaited(call)
  local given = promise.new()
  call(function(...) given:resolve({ ... }) end)
  return table.unpack(Citizen.Await(given))
end
CreateThread(function()`,
  js: `
const cad = globalThis.exports.sonorancad;
const tell = (...values) => console.log(JSON.stringify(values));
const awaited = (call) => new Promise((resolve) => call((...given) => resolve(given)));
(async () => {`,
};
const AFTER: Readonly<Record<Language, string>> = {
  lua: "\nprint('end')\nend)",
  js: "\nconsole.log('end');\n})().catch((error) => console.log('failed ' + error.message));",
};

export async function startCadSystem(config: object = {}): Promise<CadSystem> {
  const cad = await startCad({ apiKey: KEY, communityId: 'mycommunity', plan: { version: 4, name: 'PRO' } });
  cad.world.accounts.push({ uuid: ACCOUNT, username: 'Reed', status: 1 });
  cad.world.links.set(PLAYER, ACCOUNT);
  const data = { apiIds: [], communityUserId: PLAYER, unitNum: 'A-12', name: 'Jim Reed' };
  cad.world.at(1).units = [
    { id: 12, accId: ACCOUNT, status: 2, isPanic: false, isDispatch: false, location: '', data },
  ];
  const served = await serveResource({
    config: {
      ...{ apiSendEnabled: true, apiUrl: cad.url, communityID: 'mycommunity', serverId: 1 },
      ...{ registration: 'off', transport: 'http', ...config },
    },
  });
  const { host } = served;
  host.ensure('sonorancad');
  const player = host.addPlayer({ id: 7, name: 'Jim', identifiers: [PLAYER], coords: [1.5, 2.5, 3.5] });
  await until(() => Array.isArray(host.callExport('sonorancad', 'getUnits')) && unitsOf(host).length === 1);
  let seen = cad.requests.length;
  let consumers = 0;
  return {
    ...served,
    cad,
    player,
    async consume(language, consumer) {
      consumers += 1;
      const name = `${language}-consumer-${consumers}`;
      const isFile = consumer.endsWith(`.${language}`);
      const source = isFile ? readFileSync(join(import.meta.dirname, 'consumers', consumer), 'utf8') : consumer;
      served.add(name, {
        'fxmanifest.lua': manifest(`server_script 'server.${language}'`),
        [`server.${language}`]: BEFORE[language] + source + AFTER[language],
      });
      host.ensure(name);
      const lines = () => printedBy(host, name);
      await until(() => lines().some((line) => line === 'end' || /server\.lua:|^failed /.test(line)));
      return lines()
        .filter((line) => line !== 'end')
        .map((line) => (line.startsWith('[') ? JSON.parse(line) : line));
    },
    asked(pattern = /./) {
      const since = cad.requests.slice(seen);
      seen = cad.requests.length;
      return since
        .map(({ method, path, body }): [string, unknown] => [`${method} ${path}`, body])
        .filter(([request]) => pattern.test(request));
    },
  };
}

const unitsOf = (host: ServedResource['host']) => host.callExport('sonorancad', 'getUnits') as readonly unknown[];
