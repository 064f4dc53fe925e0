import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import { clientMethods, refusedMethods } from '../../src/api/cad-client.ts';
import { provideClientExports } from '../../src/api/client-exports.ts';
import { printedBy } from '../fxhost/write-resource.ts';
import { type ServedResource, serveResource } from '../serve-resource.ts';

/** Runs before the resource's own script: says the name of each export that it offers. */
const WATCH = `
const offer = globalThis.exports;
globalThis.exports = new Proxy(offer, {
  apply(target, self, [name, callback]) {
    console.log('export ' + name);
    return target(name, callback);
  },
});`;

const types = readFileSync(join(projectRoot, 'types.d.ts'), 'utf8').replaceAll('\r\n', '\n');

/** @returns the names of the members of one type, overloads once, and those of a mapped type */
function membersOf(name: string): string[] {
  const [, text = ''] = new RegExp(`^export type ${name} = .*?\\{\\n(.*?)^\\};`, 'ms').exec(types) ?? [];
  const members = text.matchAll(/^ {2}(\w+)[<(]|^ {4}\| '(\w+)'/gm);
  return [...new Set([...members].map(([, method, mapped]) => method ?? mapped ?? ''))];
}

describe('the types of the exports', () => {
  let served: ServedResource;
  beforeAll(async () => {
    served = await serveResource({ before: { 'watch.js': WATCH } });
    served.host.ensure('sonorancad');
  });
  afterAll(() => served.close());

  it('name every export that the running resource has for others, and no other', () => {
    const offered = printedBy(served.host, 'sonorancad').flatMap((line) => /^export (\w+)$/.exec(line)?.[1] ?? []);
    const lua = readFileSync(join(projectRoot, 'resource', 'exports.lua'), 'utf8');
    const inLua = [...lua.matchAll(/^exports\('(\w+)'/gm)].map(([, name = '']) => name);
    expect(inLua).toHaveLength(3);
    // What Lua asks JavaScript for is nobody else's.
    const callable = [...offered.filter((name) => !name.endsWith('ForLua')), ...inLua];
    const typed = [...membersOf('SonoranCadExports'), ...membersOf('OfficialOnlyExports')];
    expect(typed.sort()).toEqual(callable.sort());
  });

  it("name every method of the vendor's client, and no other", () => {
    expect(membersOf('CadClient').sort()).toEqual([...clientMethods].sort());
    expect(membersOf('CadClientRefusals')).toEqual(Object.keys(refusedMethods));
  });

  it('name every export of the client script, and no other', () => {
    const offered: string[] = [];
    provideClientExports({
      provideClientExport: (name) => void offered.push(name),
      onServerEvent: () => {},
      tellServer: () => {},
      callerOnClient: () => null,
      warnOnClient: () => {},
    });
    expect(membersOf('SonoranCadClientExports').sort()).toEqual(offered.sort());
  });

  it('say of each export what it does', () => {
    // Of an overloaded one the first comment is not enough either: each stands behind one.
    const lines = types.split('\n');
    const bare = lines.filter((line, index) => /^ {2}\w+[<(]/.test(line) && !lines[index - 1]?.endsWith('*/'));
    expect(bare).toEqual([]);
  });
});
