import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClientScope } from '../../scripts/fxhost/client-scope.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { printedBy } from '../fxhost/write-resource.ts';
import { payload, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';
import { clientNamed, named, resourceOf } from './scripting-samples.ts';

const EXAMPLES = ['js-consumer', 'lua-consumer', 'ts-consumer'];
const types = Object.keys(catalogue);
/** What `npm run send` and `sonorancad test` fire; the numbers in the latter are of no unit and no call that is known. */
const fired = types.flatMap((type) => (['send', 'test', 'test --all'] as const).map((by) => ({ by, type })));

/** Everything in an order of its own for each seed, which has nothing to do with the natural one. */
function shuffled(seed: number) {
  const mixed = (at: number) => ((at + 1) * (seed * 7_919 + 104_729)) % 1_009;
  return fired.map((each, at) => ({ each, at: mixed(at) })).toSorted((a, b) => a.at - b.at);
}

describe('every sample in the documents', () => {
  let served: ServedResource;
  const games: ClientScope[] = [];

  beforeAll(async () => {
    served = await serveResource({ config: { notifications: { enabled: false } } });
    const { host, add } = served;
    host.ensure('sonorancad');
    // Without a place of their ped, as without OneSync.
    const player = host.addPlayer({ id: 7, identifiers: ['license:000000000000000000000000000000000000000c'] });
    games.push(host.runClient(player, 'sonorancad'));
    for (const [name, sample] of clientNamed) {
      add(name, resourceOf(sample, 'client'));
      games.push(host.runClient(player, name));
    }
    for (const [name, sample] of named) {
      add(name, resourceOf(sample, 'server'));
      host.ensure(name);
    }
    for (const name of EXAMPLES) {
      const folder = join(projectRoot, 'examples', name);
      const files = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
      add(name, Object.fromEntries(files));
      host.ensure(name);
    }
  });
  afterAll(() => served.close());

  it.each([1, 2, 3])('survives whatever is fired, in whatever order (%i)', async (seed) => {
    const { host } = served;
    for (const { each } of shuffled(seed)) {
      if (each.by === 'test') host.execute(`sonorancad test ${each.type}`);
      // The first time, it only warns.
      else if (each.by === 'test --all') for (const _ of [1, 2]) host.execute(`sonorancad test ${each.type} --all`);
      else expect((await postDirectly(host, payload(each.type))).status).toBe(200);
    }
    const arrived = () => printedBy(host, 'lua-consumer').filter((line) => line.startsWith('push event ')).length;
    await until(() => arrived() >= seed * types.length);
    host.tick(5);
    const lines = [...host.lines, ...games.flatMap((game) => game.lines)];
    expect(lines.filter((line) => /SCRIPT ERROR|\bfailed\b|attempt to|TypeError/.test(line))).toEqual([]);
  });
});
