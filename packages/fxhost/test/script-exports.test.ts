import { describe, expect, it } from '@jest/globals';
import { manifest, printedBy, serverWith } from './server-with.ts';

const me = (code: string) => `try { ${code} } catch (error) { print('threw: ' + error.message) }`;

const lua = (code: string) => ({ 'server.lua': code, 'fxmanifest.lua': manifest(`server_script 'server.lua'`) });

describe('an export', () => {
  it('is called without a self, and gives one value', async () => {
    const host = await serverWith({
      owner: `exports('add', (...args) => args)`,
      caller: `print(JSON.stringify(exports.owner.add(1, 2))); print(JSON.stringify(exports['owner'].add()))`,
    });
    expect(printedBy(host, 'caller')).toEqual(['[1,2]', '[]']);
  });

  it('that does not exist is named with its resource', async () => {
    const host = await serverWith({ caller: me('exports.owner.missing()') });
    expect(printedBy(host, 'caller')).toEqual(['threw: No such export missing in resource owner']);
  });

  it('that throws is printed by its owner, and the caller gets a text of its own', async () => {
    const host = await serverWith({
      owner: `exports('fail', () => { throw new Error('deep') })`,
      caller: me('exports.owner.fail()'),
    });
    expect(printedBy(host, 'owner')[0]).toBe('^1SCRIPT ERROR in call ref: Error: deep^7');
    expect(printedBy(host, 'caller').at(-1)).toBe(
      'threw: An error occurred while calling export fail of resource owner - see above for details',
    );
  });

  it('of Lua that throws tells JavaScript no reason, and no error of the runtime itself', async () => {
    const host = await serverWith({
      owner: lua(`exports('fail', function() error('deep') end)`),
      caller: me('exports.owner.fail()'),
    });
    const printed = printedBy(host, 'caller');
    expect(printed.at(-1)).toBe(
      'threw: An error occurred while calling export fail of resource owner - see above for details',
    );
    expect(printed[0]).toContain("the reference wasn't valid. (did owner restart recently?)");
    expect(printed.join()).not.toContain('TypeError');
  });

  it('of Lua that gives a nil between its results reaches JavaScript as an object of their numbers', async () => {
    const host = await serverWith({
      owner: lua(`exports('holes', function() return 1, nil, 3 end)`),
      caller: `print(JSON.stringify(exports.owner.holes()))`,
    });
    expect(printedBy(host, 'caller')).toEqual(['{"1":1,"3":3}']);
  });

  it('that is async gives a promise, whose rejection is only a text', async () => {
    const host = await serverWith({
      owner: `exports('later', async (fail) => { if (fail) throw new Error('late'); return [1, 2] })`,
      caller: `const show = async (fail) => { try { print(JSON.stringify(await exports.owner.later(fail))) } catch (error) { print(typeof error, error) } };
        show(false); show(true)`,
    });
    host.tick(3);
    expect(printedBy(host, 'caller')).toEqual(['[1,2]', 'string late']);
  });

  it('knows who called it', async () => {
    const host = await serverWith({
      owner: `exports('who', () => GetInvokingResource()); on('e', () => print(GetInvokingResource())); emit('e')`,
      caller: `print(exports.owner.who()); emit('e')`,
    });
    expect(printedBy(host, 'caller')).toEqual(['caller']);
    expect(printedBy(host, 'owner')).toEqual(['owner', 'caller']);
    expect(host.callExport('owner', 'who')).toBeNull();
  });

  it('of the manifest exists from the tick after the start', async () => {
    const host = await serverWith({
      owner: {
        'server.js': `function Fn() { return 7 }`,
        'fxmanifest.lua': `fx_version 'cerulean'\ngame 'common'\nserver_script 'server.js'\nserver_export 'Fn'\n`,
      },
    });
    expect(() => host.callExport('owner', 'Fn')).toThrow('No such export Fn in resource owner');
    host.tick();
    expect(host.callExport('owner', 'Fn')).toBe(7);
  });

  it('can be neither assigned nor replaced', async () => {
    const host = await serverWith({
      one: `${me('exports.a = 1')} ${me('exports.one.a = 1')} ${me('exports("a")')}`,
    });
    expect(printedBy(host, 'one')).toEqual([
      'threw: cannot set values on exports',
      'threw: cannot set values on an export resource',
      'threw: this needs 2 arguments',
    ]);
  });

  it('is looked up again after its owner restarted', async () => {
    const host = await serverWith({
      owner: `globalThis.n = Math.random(); exports('n', () => n)`,
      caller: `on('ask', () => print(exports.owner.n()))`,
    });
    host.emit('ask');
    host.restart('owner');
    host.tick();
    host.emit('ask');
    const [before, after] = printedBy(host, 'caller');
    expect(before).not.toBe(after);
  });

  it('takes and gives functions of a test', async () => {
    const host = await serverWith({ owner: `exports('twice', (fn) => () => fn(fn(1)))` });
    const twice = host.callExport('owner', 'twice', (n: number) => n + 10) as () => number;
    expect(twice()).toBe(21);
  });
});

describe('a callback kept beyond its owner', () => {
  const holder = `let kept; exports('keep', (fn) => { kept = fn }); on('call', () => { ${me('print(String(kept()))')} })`;
  const owner = `exports.holder.keep(() => 1)`;

  it('works while the owner runs', async () => {
    const host = await serverWith({ holder, owner });
    host.emit('call');
    expect(printedBy(host, 'holder')).toEqual(['1']);
  });

  it('says that the owner is not started', async () => {
    const host = await serverWith({ holder, owner });
    host.stop('owner');
    host.emit('call');
    expect(printedBy(host, 'holder')).toEqual([
      "threw: Error in nested ref call for holder. holder tried to call a function reference in owner but the reference wasn't valid. And owner isn't started, was the resource restarted mid call?",
    ]);
  });

  it('says that the owner restarted', async () => {
    const host = await serverWith({ holder, owner: `on('go', () => exports.holder.keep(() => 1))` });
    host.emit('go');
    host.restart('owner');
    host.emit('call');
    expect(printedBy(host, 'holder')[0]).toMatch(/the reference wasn't valid\. \(did owner restart recently\?\)$/);
  });
});

describe('references to functions', () => {
  it('are freed after the receiver let go of them', async () => {
    const host = await serverWith({
      holder: `let kept; on('take', (fn) => { kept = fn }); on('drop', () => { kept = undefined })`,
      owner: `on('go', () => emit('take', () => {}))`,
    });
    const before = host.countRefs('owner');
    for (let i = 0; i < 50; i++) host.emit('go');
    expect(host.countRefs('owner')).toBe(before + 50);
    host.emit('drop');
    await collectUntil(() => {
      host.tick();
      return host.countRefs('owner') === before;
    });
    expect(host.countRefs('owner')).toBe(before);
  });

  it('leak when nobody unpacked them', async () => {
    const host = await serverWith({ owner: `on('go', () => emit('nobody', () => {}))` });
    host.emit('go');
    expect(host.countRefs('owner')).toBe(1);
  });

  it('that are gone while their owner lives are reported by the owner', async () => {
    const host = await serverWith({
      owner: `on('go', () => print(String(Citizen.invokeFunctionReference(Citizen.makeRefFunction(() => 1).replace(/\\d+$/, '77')))))`,
    });
    host.emit('go');
    expect(printedBy(host, 'owner')).toEqual(['^1Error: Invalid ref call attempt: 77^7', 'undefined']);
  });
});

async function collectUntil(done: () => boolean): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 50 && !done(); round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
