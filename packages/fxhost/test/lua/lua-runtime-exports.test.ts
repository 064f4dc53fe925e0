import { describe, expect, it } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

const OWNER = `
  exports('add', function(a, b) return a + b end)
  exports('several', function() return 'a', 'b', 'c' end)
  exports('nothing', function() end)
  exports('twice', function(fn) return fn(21) end)
  exports('slow', function(name) Wait(50) return 'slow ' .. name, 2 end)
  exports('slowFailure', function() Wait(50) error('late') end)
  exports('fails', function()
    error('broken')
  end)
  exports('count', function(...) return select('#', ...) end)`;

function serverWith(consumer: string) {
  const server = createScriptedServer();
  server.run('my-owner', OWNER);
  server.run('consumer', consumer);
  return server;
}

describe('exports between Lua resources', () => {
  it('drop self with a colon and lose the first argument with a dot', () => {
    const server = serverWith(
      `print(exports['my-owner']:add(1, 2), exports['my-owner']:count('x', 'y'), exports['my-owner'].count('x', 'y'))`,
    );
    expect(server.printed).toEqual(['consumer: 3\t2\t1']);
  });

  it('hand all results over', () => {
    const server = serverWith(`print(exports['my-owner']:several()) print(exports['my-owner']:nothing())`);
    expect(server.printed).toEqual(['consumer: a\tb\tc', 'consumer: ']);
  });

  it('say which export is missing where', () => {
    const server = serverWith(`local ok, problem = pcall(function() local f = exports.nobody.f end) print(problem)`);
    expect(server.printed).toEqual(['consumer: @consumer/server.lua:1: No such export f in resource nobody']);
  });

  it('report a failing callee where it is, and to the caller that it failed', () => {
    const server = serverWith(`local ok, problem = pcall(function()
      local x = exports['my-owner']:fails()
    end)
    print(problem)`);
    expect(server.printed).toEqual([
      'my-owner: ^1SCRIPT ERROR: @my-owner/server.lua:9: broken^7',
      'my-owner: ^3> ref^7 (^5@my-owner/server.lua^7:9)',
      'consumer: @consumer/server.lua:2: ',
      'consumer: ^5 An error occurred while calling export `fails` in resource `my-owner`:',
      'consumer: ',
      'consumer: ^5 ---',
    ]);
  });

  it('take callbacks that may wait, and wait for a slow one in a thread', () => {
    const server = serverWith(`CreateThread(function()
      print(exports['my-owner']:twice(function(n) return n * 2 end))
      print(exports['my-owner']:twice(function(n) Wait(50) return n * 3 end))
      print(exports['my-owner']:slow('one'))
      print((select(2, pcall(function() return exports['my-owner']:slowFailure() end))))
    end)`);
    for (let now = 0; now <= 300; now += 50) server.tick(now);
    expect(server.printed.slice(0, 3)).toEqual(['consumer: 42', 'consumer: 63', 'consumer: slow one\t2']);
    expect(server.printed.slice(3).join('\n')).toContain('^1SCRIPT ERROR: @my-owner/server.lua:7: late^7');
  });

  it('are awaited while a script file loads', () => {
    const server = serverWith(`print((exports['my-owner']:slow('one')))`);
    expect(server.printed).toEqual([]);
    for (let now = 0; now <= 300; now += 50) server.tick(now);
    expect(server.printed).toEqual(['consumer: slow one']);
  });

  it('are asked for anew after their resource stopped', () => {
    const server =
      serverWith(`function Ask() local ok, value = pcall(function() return exports['my-owner']:add(1, 1) end)
      print(ok, ok and value or value:match('host failed: [^\\n]*') or value:match('No such.*')) end
      AddEventHandler('ask', Ask) Ask()`);
    server.stop('my-owner');
    server.emit('ask');
    server.emit('onServerResourceStop', 'my-owner');
    server.emit('ask');
    server.run('my-owner', `exports('add', function() return 'new' end)`);
    server.emit('ask');
    expect(server.printed).toEqual([
      'consumer: true\t2',
      "consumer: false\thost failed: my-owner isn't started",
      'consumer: false\tNo such export add in resource my-owner',
      'consumer: true\tnew',
    ]);
  });

  it('cannot be set', () => {
    const server = serverWith(
      `print(pcall(function() exports.x = 1 end)) print(pcall(function() exports.x.y = 1 end))`,
    );
    expect(server.printed).toEqual([
      'consumer: false\t@consumer/server.lua:1: cannot set values on exports',
      'consumer: false\t@consumer/server.lua:1: cannot set values on an export resource',
    ]);
  });

  it('of the manifest are globals looked up at the call', () => {
    const server = createScriptedServer({}, ['Named']);
    server.run('owner', `function Named(x) return x .. '!' end`);
    server.run('consumer', `print(exports.owner:Named('hi'))`);
    expect(server.printed).toEqual(['consumer: hi!']);
  });
});

describe('exports between Lua and JavaScript', () => {
  it('give JavaScript the list of results, and nil after an error', () => {
    const server = serverWith('');
    expect(server.exportOf('my-owner', 'add')(2, 3)).toEqual([5]);
    expect(server.exportOf('my-owner', 'several')()).toEqual(['a', 'b', 'c']);
    expect(server.exportOf('my-owner', 'fails')()).toBeNull();
  });

  it('give JavaScript a promise in parts for a function that waits', () => {
    const server = serverWith('');
    const settled: unknown[] = [];
    const [answer] = server.exportOf('my-owner', 'slow')('x') as [{ __cfx_async_retval: (cb: unknown) => void }];
    answer.__cfx_async_retval((...args: unknown[]) => settled.push(args));
    server.tick(0);
    server.tick(50);
    expect(settled).toEqual([[['slow x', 2]]]);
  });

  it('await a promise of JavaScript, and raise its rejection', () => {
    const server = createScriptedServer();
    let settle: (values: unknown, problem?: unknown) => void = () => undefined;
    server.on('__cfx_export_js_later', (setCallback) =>
      (setCallback as (fn: unknown) => void)(() => ({
        __cfx_async_retval: (callback: typeof settle) => {
          settle = callback;
        },
      })),
    );
    server.run(
      'consumer',
      `AddEventHandler('go', function()
        print('got', exports.js:later())
        print(pcall(function() return exports.js:later() end))
      end)`,
    );
    server.emit('go');
    settle(['value']);
    settle(null, 'no luck');
    expect(server.printed[0]).toBe('consumer: got\tvalue');
    expect(server.printed.join('\n')).toContain('no luck');
  });

  it('say so when a function that was freed is called', () => {
    const server = serverWith('');
    expect(server.runtime('my-owner').callRef(999, server.pack([]))).toEqual(new Uint8Array([0xc0]));
    expect(server.printed).toEqual(['my-owner: Invalid ref call attempt: 999']);
  });
});

/** The arguments of an event as Lua sends them on, from and to msgpack in hexadecimal digits. */
function sentOn(hex: string): string {
  const server = createScriptedServer();
  server.run('lua', `AddEventHandler('in', function(...) TriggerEvent('out', ...) end)`);
  server.runtime('lua').triggerEvent('in', new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex')), '');
  const sent = server.payloads.get('out');
  return sent === undefined ? server.printed.join('\n') : Buffer.from(sent).toString('hex');
}

/** What Lua says about the arguments it got. */
function described(...args: unknown[]): string[] {
  const server = createScriptedServer();
  server.run(
    'lua',
    `AddEventHandler('values', function(...)
      for i = 1, select('#', ...) do
        local value = select(i, ...)
        print(math.type(value) or type(value), type(value) == 'table' and json.encode(value) or tostring(value))
      end
    end)`,
  );
  server.emit('values', ...args);
  return server.printed.map((line) => line.replace('lua: ', '').replace('\t', ' '));
}

/** What JavaScript gets for Lua expressions. */
function received(expressions: string): unknown[] {
  const server = createScriptedServer();
  let got: unknown[] = [];
  server.on('values', (...args) => {
    got = args;
  });
  server.run('lua', `TriggerEvent('values', ${expressions})`);
  return got;
}

describe('msgpack through Lua', () => {
  it.each([
    ['integers of every width', '9b 00 7f cc80 cd0100 ce00010000 cf0020000000000001 ff e0 d080 d18000 d280000000'],
    ['the smallest 64-bit integer', '91 d38000000000000000'],
    [
      'whole, infinite and missing floats',
      '95 cb3ff0000000000000 cb7ff0000000000000 cbfff0000000000000 cb8000000000000000 cb3fb999999999999a',
    ],
    ['text with a NUL and bytes that are no UTF-8', '91 a5 00 41 ff c3 28'],
    ['text of every width', `93 d920${'61'.repeat(32)} da0100${'61'.repeat(256)} db00010000${'61'.repeat(65_536)}`],
    ['lists and maps of more than 15', `92 dc0010${'01'.repeat(16)} dc0011${'c3'.repeat(17)}`],
    ['nils inside and at the end', '94 01 c0 02 c0'],
    ['booleans', '92 c2 c3'],
    ['maps with other keys than numbers, and an own __proto__', '92 81 c3 a162 81 a95f5f70726f746f5f5f 01'],
    ['a vector', '91 c7 0c 15 0000803f 00000040 00004040'],
  ])('keeps %s', (_, hex) => {
    expect(sentOn(hex)).toBe(hex.replaceAll(' ', ''));
  });

  it('takes bytes as text, short floats, and the smallest form of integers', () => {
    expect(sentOn('94 c402 00ff ca3fc00000 d17fff d30000000000000001')).toBe('94a200ffcb3ff8000000000000cd7fff01');
  });

  it('refuses bytes that end too early, and passes over what is no list of arguments', () => {
    expect(sentOn('92 01')).toMatch(/SCRIPT ERROR: msgpack: ends too early/);
    expect(sentOn('81 01 02')).toBe('');
  });
});

describe('values from JavaScript in Lua', () => {
  it('tells integers from floats', () => {
    expect(described(1, -5, 1.5, 2 ** 40, 2 ** 53)).toEqual([
      'integer 1',
      'integer -5',
      'float 1.5',
      'float 1099511627776.0',
      'float 9.007199254741e+15',
    ]);
  });

  it('gets text as UTF-8, nulls as nil in their places, and objects with text keys', () => {
    expect(described('Jürgen ✓', null, [1, null, 3], { 7: 'seven' }, [])).toEqual([
      'string Jürgen ✓',
      'nil nil',
      'table [1,null,3]',
      'table {"7":"seven"}',
      'table []',
    ]);
  });
});

describe('values from Lua in JavaScript', () => {
  it('makes lists of sequences and of empty tables, maps of others', () => {
    expect(received('{1, 2, 3}, {}, {[1] = "a", [5] = "b"}, {x = 1, [2] = true}')).toEqual([
      [1, 2, 3],
      [],
      { 1: 'a', 5: 'b' },
      { x: 1, 2: true },
    ]);
  });

  it('keeps nils in arguments, big integers as far as JavaScript can, and floats', () => {
    expect(received('nil, 1, 2^53 | 0, 1e300, 0/0, math.huge, nil')).toEqual([
      null,
      1,
      2 ** 53,
      1e300,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
    ]);
  });

  it('reports a table that holds itself instead of hanging', () => {
    const server = createScriptedServer();
    server.run('lua', `local t = {} t.t = t print(pcall(TriggerEvent, 'values', t))`);
    expect(server.printed[0]).toBe('lua: false\tvalue nested too deep, or a table inside itself');
  });
});
