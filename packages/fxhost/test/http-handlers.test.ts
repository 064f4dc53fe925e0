import { describe, expect, it } from '@jest/globals';
import type { FxHost } from '../src/index.ts';
import { printedBy, serverWith } from './server-with.ts';

const handler = (body: string) => `SetHttpHandler((req, res) => { ${body} })`;

describe('a request', () => {
  it('reaches the handler as plain values and is answered', async () => {
    const host = await serverWith({
      one: handler(`const { setDataHandler, setCancelHandler, ...plain } = req;
        res.writeHead(201, { a: 'b', c: ['d', 'e'] }); res.write(JSON.stringify(plain)); res.write(new ArrayBuffer(1)); res.send('!')`),
    });
    const headers = { 'User-Agent': 'x', B: '1' };
    const answer = await host.request('one', { path: '/a?b=1', headers, address: '[2001:db8::7]:5' });
    expect(answer.status).toBe(201);
    expect(answer.headers).toEqual({ a: 'b', c: ['d', 'e'] });
    expect(answer.body.toString()).toBe(
      `${JSON.stringify({ address: '[2001:db8::7]:5', headers, method: 'GET', path: '/a?b=1' })}\0!`,
    );
  });

  it.each([
    ['as bytes', `'binary'`, 'ArrayBuffer 4'],
    ['as text', '', 'String 3'],
    ['as text for any other mode', `'utf8'`, 'String 3'],
  ])('gives its body %s, after the handler has returned', async (_name, mode, expected) => {
    const host = await serverWith({
      one: handler(
        `req.setDataHandler((body) => { print('body'); res.send(body.constructor.name + ' ' + (body.byteLength ?? body.length)) }${mode && `, ${mode}`}); print('returned')`,
      ),
    });
    const { body } = await host.request('one', { body: 'aüb' });
    expect(body.toString()).toBe(expected);
    expect(printedBy(host, 'one')).toEqual(['returned', 'body']);
  });

  it('keeps its body for a data handler that comes late, and calls it within setDataHandler', async () => {
    const host = await serverWith({
      one: handler(
        `setImmediate(() => { print('before'); req.setDataHandler(() => print('body')); print('after'); res.send('') })`,
      ),
    });
    const answer = host.request('one', { body: 'x' });
    host.tick();
    expect((await answer).status).toBe(200);
    expect(printedBy(host, 'one')).toEqual(['before', 'body', 'after']);
  });

  it('lets go of its cancel handler once it is answered', async () => {
    const host = await serverWith({ one: handler(`req.setCancelHandler(() => {}); res.send('')`) });
    const before = host.countRefs('one');
    for (let count = 0; count < 5; count += 1) await host.request('one', {});
    expect(host.countRefs('one')).toBe(before);
  });

  it('stays unanswered when the handler throws, which is printed', async () => {
    const host = await serverWith({ one: handler(`throw new Error('no')`) });
    let answered = false;
    void host.request('one', {}).then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(answered).toBe(false);
    expect(printedBy(host, 'one')[0]).toBe('^1SCRIPT ERROR in call ref: Error: no^7');
  });

  it('is called by nobody', async () => {
    const host = await serverWith({ one: handler(`res.send(String(GetInvokingResource()))`) });
    expect((await host.request('one', {})).body.toString()).toBe('null');
  });

  it('is told apart from one whose handler sends nothing at all', async () => {
    const host = await serverWith({ one: handler('res.send()') });
    await expect(host.request('one', {})).rejects.toThrow('res.send() before any head');
  });
});

describe('the handler', () => {
  it('answers on the port as well', async () => {
    const host = await serverWith({
      one: handler(`req.setDataHandler((body) => { res.writeHead(200); res.send(req.path + body) })`),
    });
    const answer = await fetch(`${host.url}/one/x?y`, { method: 'POST', body: 'z' });
    expect(await answer.text()).toBe('/x?yz');
  });

  it('can be set again, and is gone after a stop', async () => {
    const host = await serverWith({
      one: `${handler(`res.writeHead(200); res.send('a')`)}; on('again', () => { ${handler(`res.writeHead(200); res.send('b')`)} })`,
      none: '',
    });
    const get = async (name: string) => {
      const answer = await fetch(`${host.url}/${name}/`);
      return [answer.status, await answer.text()];
    };
    expect(await get('one')).toEqual([200, 'a']);
    host.emit('again');
    expect(await get('one')).toEqual([200, 'b']);
    expect(await get('none')).toEqual([404, 'Not found.']);
    host.stop('one');
    expect(await get('one')).toEqual([404, 'Route /one/ not found.']);
  });
});

describe('what would crash FXServer', () => {
  it.each([
    ['res.send(404)', 'res.send(): the body is the number 404'],
    ['res.send(undefined)', 'res.send(): the body is null or undefined'],
    ['res.send(null)', 'res.send(): the body is null or undefined'],
    ['res.send({})', 'res.send(): the body is an object'],
    ['res.send(Buffer.from("a"))', 'res.send(): the body is an object (a Buffer or Uint8Array arrives as one)'],
    ['res.send(true)', 'res.send(): the body is the boolean true'],
    ['res.write([])', 'res.write(): the body is an array'],
    ['res.write()', 'res.write(): the body is null or undefined'],
    ['res.writeHead()', 'res.writeHead(): the status is null or undefined'],
    ['res.writeHead("200")', 'res.writeHead(): the status is the string 200'],
    ['res.writeHead(200.5)', 'res.writeHead(): the status is the number 200.5'],
    ['res.writeHead(200, undefined)', 'res.writeHead(): the headers is null or undefined'],
    ['res.writeHead(200, [])', 'res.writeHead(): the headers is an array'],
    ['res.writeHead(200, { a: 1 })', 'res.writeHead(): the header a is the number 1'],
    ['res.writeHead(200, { a: ["b", null] })', 'res.writeHead(): the header a is null or undefined'],
    ['res.writeHead(200, { a: "b\\r\\nc: d" })', 'res.writeHead(): CR or LF in the header "a"'],
    ['res.writeHead(200, { a: ["b", "c\\n"] })', 'res.writeHead(): CR or LF in the header "a"'],
    ['res.writeHead(200, { "a\\n": "b" })', 'res.writeHead(): CR or LF in the header "a\\n"'],
    ['res.send("a"); res.send("b")', 'res.send() was called twice'],
    ['res.send("a"); res.write("b")', 'res.write() was called after res.send()'],
    ['req.setDataHandler()', 'req.setDataHandler(): its first argument is null or undefined'],
    ['req.setDataHandler(() => {}, 1)', 'req.setDataHandler(): its second argument is the number 1'],
    ['req.setCancelHandler(1)', 'req.setCancelHandler(): its first argument is the number 1'],
  ])('%s ends the run', async (call, expected) => {
    const crash = await crashOf(call);
    expect(crash).toContain('FXServer would have crashed: ');
    expect(crash).toContain(expected);
  });

  it('ends it for good, even when the script catches the error', async () => {
    const errors: string[] = [];
    const host = await serverWith(
      { one: `${handler('try { res.send(1) } catch { print("caught") }')}; on('e', () => print('alive'))` },
      { onFatal: (error) => errors.push(error.message) },
    );
    await host.request('one', {}).catch(() => 'dead');
    expect(() => host.emit('e')).toThrow('FXServer would have crashed');
    expect(printedBy(host, 'one')).toEqual(['caught']);
    expect(errors).toHaveLength(1);
  });

  it('ends it on the port too', async () => {
    const { promise: crash, resolve } = Promise.withResolvers<Error>();
    const host = await serverWith({ one: handler('res.send(1)') }, { onFatal: resolve });
    const hangUp = new AbortController();
    const request = fetch(`${host.url}/one/`, { signal: hangUp.signal }).catch(() => 'no answer');
    expect((await crash).message).toContain('res.send(): the body is the number 1');
    hangUp.abort();
    expect(await request).toBe('no answer');
  });

  it('is what `closed` and `close` reject with when nobody else is told', async () => {
    const { startHost } = await import('../src/index.ts');
    const host: FxHost = await startHost({ manualTicks: true });
    expect(() => host.natives.kvp.find(3)).toThrow('FXServer would have crashed');
    await expect(host.closed).rejects.toThrow('FXServer would have crashed');
    await expect(host.close()).rejects.toThrow('FXServer would have crashed');
  });
});

/** The message that ended the run. */
async function crashOf(call: string): Promise<string | undefined> {
  const errors: string[] = [];
  const host = await serverWith({ one: handler(call) }, { onFatal: (error) => errors.push(error.message) });
  await host.request('one', { body: 'x' }).catch(() => 'as expected');
  return errors[0];
}
