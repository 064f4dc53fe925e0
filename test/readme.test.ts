import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { manifest, printedBy } from './fxhost/write-resource.ts';
import { KEY, payload, serveResource } from './serve-resource.ts';

const ROOT = join(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
const shownIn = (text: string) =>
  [...text.matchAll(/```(?:lua|ts|js)\n(?:--|\/\/) (examples\/\S+)\n/g)].map(([, path]) => path);

describe('the documents', () => {
  // That each is shown as it is, is a matter of generate.test.ts; that each works, of test/examples.
  it('show every script of the examples', () => {
    const scripts = ['lua-consumer', 'js-consumer', 'ts-consumer', 'verify-signature', 'listener'].flatMap((example) =>
      readdirSync(join(ROOT, 'examples', example))
        .filter((file) => file !== 'fxmanifest.lua' && !(example === 'ts-consumer' && file === 'server.js'))
        .map((file) => `examples/${example}/${file}`),
    );
    const texts = [readme, ...pages.map((name) => readFileSync(join(ROOT, 'docs', name), 'utf8'))];
    expect(texts.flatMap(shownIn).sort()).toEqual(scripts.sort());
  });

  it('have an index that leads to each page', () => {
    const index = readFileSync(join(ROOT, 'docs', 'README.md'), 'utf8');
    for (const name of pages.filter((page) => page !== 'README.md' && page !== 'architecture.md'))
      expect(index).toContain(`](${name})`);
  });
});

describe('README.md', () => {
  it('holds no other Lua, JavaScript or TypeScript, which no test would run', () => {
    expect(readme.match(/```(lua|ts|js|javascript|typescript)\n/g)).toHaveLength(shownIn(readme).length);
  });

  it('has lines for a server.cfg that start the resource and say who may read the key', async () => {
    const blocks = [...readme.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)].flatMap(([, language, text = '']) =>
      language === '' ? [text.replaceAll(/^ +/gm, '')] : [],
    );
    const configs = blocks.filter((text) => /^ensure |^exec /m.test(text));
    expect(configs).toHaveLength(3);
    for (const text of configs) {
      const served = await serveResource();
      try {
        const { host, own, add, post } = served;
        copyFileSync(join(ROOT, 'sonorancad.cfg'), join(own, 'sonorancad.cfg'));
        for (const name of ['my-resource', 'another'])
          add(name, {
            'fxmanifest.lua': manifest(`server_script 's.js'`),
            's.js': `print(GetConvar('sonoran_apiKey', 'none'))`,
          });
        host.execute(text.replace('your key', KEY));
        host.ensure('another');
        expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
        expect(printedBy(host, 'another')).toEqual(['none']);
        expect(printedBy(host, 'my-resource')).toEqual(text.includes('my-resource') ? [KEY] : []);
      } finally {
        await served.close();
      }
    }
  });

  it('is read in some minutes', () => {
    expect(readme.match(/\S+/g)?.length).toBeLessThanOrEqual(1_800);
  });
});
