import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postDirectly } from '../serve-resource.ts';
import { createKeyScene, envelope, FORMS, KEY, type KeyScene } from './key-scene.ts';

const json = JSON.stringify;

describe('the API key', () => {
  let scene: KeyScene;
  beforeAll(async () => {
    scene = await createKeyScene({ config: { enablePushEventForwarding: false, debugMode: false } });
  });
  afterAll(() => scene.close());

  it.each<[string, string]>([
    ['is no JSON', `{"apiKey": ${json(KEY)}, oops}`],
    ['ends after it', `{"apiKey": ${json(KEY).slice(0, -1)}`],
    ['is the key and nothing else', KEY],
    ['is the key as JSON', json(KEY)],
    ['has it under a misspelt name', json({ apikey: KEY, ApiKeys: [KEY], apiKye: KEY, key: KEY })],
    ['has it as a name', json({ [KEY]: 1, apiKey: { [KEY]: KEY } })],
    ['has it with a control character', json({ apiKey: `${KEY}\u0007` })],
    ['has it where a list is meant', json({ apiKey: [KEY], apiKeys: KEY })],
    ['has it as health token', json({ apiKey: KEY, healthToken: KEY })],
    [
      'has it in the place of every other value',
      json({
        apiKey: KEY,
        ...Object.fromEntries(
          [
            'communityID serverId mode debugMode primaryIdentifier notificationSystem statusLabels',
            'enablePushEventForwarding pushEventForwardUrl pushEventForwardTargets trustedProxies',
          ]
            .join(' ')
            .split(' ')
            .map((name) => [name, KEY]),
        ),
      }),
    ],
    [
      'has it in a target',
      json({ apiKey: KEY, pushEventForwardTargets: [{ name: KEY, url: KEY, secret: KEY, key: KEY }] }),
    ],
    [
      'has it as the address of a target',
      json({ apiKey: KEY, enablePushEventForwarding: true, pushEventForwardUrl: `ftp://${encodeURIComponent(KEY)}@x` }),
    ],
  ])('is nowhere in what leaves when a config.json is taken that %s', async (_what, text) => {
    const { served, left, everythingThatLeft } = scene;
    writeFileSync(join(served.own, 'config.json'), text);
    served.host.execute('sonorancad reload');
    served.host.restart('sonorancad');
    left.push(`${(await postDirectly(served.host, envelope({ data: 1 }))).body}`);
    served.configure({ apiKey: KEY });
    const before = left.length;
    served.host.execute('sonorancad reload');
    expect(left.length).toBeGreaterThan(before);
    expect(FORMS.foundIn(await everythingThatLeft())).toBeNull();
    left.length = 0;
  });
});
