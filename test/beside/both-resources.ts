import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FxHost } from '../../packages/fxhost/src/index.ts';
import { eventNames } from '../official-events.ts';
import { KEY, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

/** The folder of ours, where another resource is named sonorancad. */
export const OURS = 'sonorancad-events';
export const OFFICIAL = 'sonorancad';

/** What a consumer has got: the name of an event, who triggered it, and the type where it is told. */
export type Got = readonly [name: string, by: string, type?: string];

export interface Both {
  readonly host: FxHost;
  /** Posts to the official resource, as the CAD does, or to ours. @returns what the answer says */
  post(body: string, resource?: string): Promise<string>;
  /** Posts these bodies, and waits until ours has dispatched them all and one more. @returns what came of them */
  push(bodies: readonly string[], resource?: string): Promise<Got[]>;
  close(): Promise<void>;
}

/** The type whose event says that all before it has been dispatched. */
const MARK = 'TEST_MARK';

const consumer = (types: readonly string[]): string => `
const got = [];
let dispatched = 0;
const take = (name, by, type) => type !== '${MARK}' && got.push(type === undefined ? [name, by] : [name, by, type]);
for (const name of ${JSON.stringify(eventNames)})
  on(name, (...args) => take(name, GetInvokingResource(), name.endsWith(':OtherEvent') ? args[0] : undefined));
on('sonorancad:pushEvent', (event) => { dispatched++; take('pushEvent', GetInvokingResource(), event.type); });
for (const type of ${JSON.stringify(types)})
  emit('SonoranCAD::RegisterPushEvent', type, () => take('handler', GetInvokingResource(), type));
globalThis.exports['${OURS}'].onPushEvent('*', (event) => take('export', '${OURS}', event.type));
exports('got', () => got.splice(0));
exports('dispatched', () => dispatched);
`;

interface BothOptions {
  /** The event types that the consumer registers handlers for. */
  readonly types?: readonly string[];
  /** What the config.json of ours holds beside the key. Unless given: what it must not, a target that leads back. */
  readonly config?: object;
  /** What the file of the official resource holds beside community and key. Unless given: that it forwards to ours. */
  readonly official?: object;
  /** Console text that starts the two. */
  readonly start?: string;
}

const officialFile = (name: string): string => readFileSync(join(import.meta.dirname, 'official', name), 'utf8');

/** Two resources on one server, the official one first, and a consumer of both. `30120` in a config stands for the port. */
export async function serveBoth({
  types = [],
  config = { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:30120/${OFFICIAL}/event` },
  official = { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:30120/${OURS}/event` },
  start = `ensure ${OFFICIAL}; ensure ${OURS}`,
}: BothOptions = {}): Promise<Both> {
  const served = await serveResource({ name: OURS });
  const { host, add } = served;
  const withPort = (values: object) => JSON.stringify(values).replaceAll('30120', String(host.port));
  add(OFFICIAL, {
    'fxmanifest.lua': officialFile('fxmanifest.lua'),
    'server.lua': officialFile('server.lua'),
    'sonorancad.cfg': officialFile('sonorancad.cfg'),
    'configuration/config.json': withPort({ communityID: 'theirs', apiKey: KEY, ...official }),
  });
  served.configure(JSON.parse(withPort({ communityID: 'ours', ...config })));
  add('consumer', consumer(types));
  host.execute(start);
  host.ensure('consumer');

  const dispatched = () => Number(host.callExport('consumer', 'dispatched'));
  const post = async (body: string, resource = OFFICIAL): Promise<string> =>
    (await served.post(body, `/${resource}/event`))[1];
  return {
    host,
    post,
    async push(bodies, resource) {
      const before = dispatched();
      for (const body of bodies) await post(body, resource);
      await until(() => dispatched() >= before + bodies.length);
      await post(JSON.stringify({ key: KEY, type: MARK, data: {} }), resource);
      await until(() => dispatched() >= before + bodies.length + 1);
      return host.callExport('consumer', 'got') as Got[];
    },
    close: served.close,
  };
}
