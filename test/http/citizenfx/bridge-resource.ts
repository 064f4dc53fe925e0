/** A resource whose server script is Koa behind the bridge: bundled and run by `bridge-on-fxhost.test.ts`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import Koa, { type Context } from 'koa';
import { mountOnCitizenFx } from '../../../src/http/citizenfx/mount.ts';
import { readBody } from '../../../src/lib/body.ts';

/** What happened to requests, in order; read with `GET /journal`, which empties it. */
let journal: string[] = [];

const statusOf = { 'too-large': 413, late: 408, lost: 408, aborted: 400 };

async function echo(context: Context): Promise<void> {
  const deadlineMs = Number(context.query.deadline ?? 4_000);
  const deadline = (expired: () => void) => {
    const timer = setTimeout(expired, deadlineMs);
    return () => clearTimeout(timer);
  };
  const outcome = await readBody(context.req, 10_000_000, deadline);
  journal.push(outcome.status === 'whole' ? `whole ${outcome.body.length}` : outcome.status);
  if (outcome.status !== 'whole') {
    context.status = statusOf[outcome.status];
    return;
  }
  context.type = context.get('content-type') || 'text';
  context.body = outcome.body;
}

async function count(context: Context): Promise<void> {
  let length = 0;
  for await (const chunk of context.req) length += (chunk as Buffer).length;
  context.body = String(length);
}

const routes: Record<string, (context: Context) => unknown> = {
  '/echo': echo,
  '/count': count,
  '/text': (context) => {
    context.body = 'grüß';
  },
  '/json': (context) => {
    context.body = { city: 'Łódź 😀' };
  },
  '/gone': (context) => {
    context.status = 204;
  },
  '/unchanged': (context) => {
    context.status = 304;
  },
  '/cookies': (context) => {
    context.append('Set-Cookie', 'a=1; path=/; httponly');
    context.append('Set-Cookie', 'b=2; path=/; httponly');
    context.body = 'ok';
  },
  '/stream': (context) => {
    context.body = Readable.from([Buffer.alloc(100_000, 'a'), 'ende ü']);
  },
  '/throw': () => {
    throw new Error('on purpose');
  },
  '/hostile': (context) => {
    context.set('x-name', 'a\r\nset-cookie: stolen=1');
  },
  '/twice': (context) => {
    context.respond = false;
    const { res } = context;
    res.on('error', (error: { code?: string }) => journal.push(String(error.code)));
    res.end('once');
    res.end('again');
    res.write('and again', (error) => journal.push(error ? 'write refused' : 'write taken'));
  },
  '/hang': () => new Promise(() => {}),
  '/endless': (context) => {
    const source = new PassThrough();
    source.write('first');
    source.on('close', () => journal.push('source closed'));
    context.body = source;
  },
  '/peer': (context) => {
    context.body = { ip: context.ip, port: context.req.socket.remotePort, secure: context.secure };
  },
  '/headers': (context) => {
    context.body = { headers: context.headers, raw: context.req.rawHeaders };
  },
};

const app = new Koa();
app.on('error', (error: { message: string }) => journal.push(`error ${error.message}`));
app.use(async (context) => {
  await routes[context.path]?.(context);
});
const koa = app.callback();

const { stop } = mountOnCitizenFx(
  (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/journal') {
      // Later, so that what belongs to the requests before has happened.
      setImmediate(() => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(journal));
        journal = [];
      });
      return;
    }
    for (const name of ['finish', 'close']) response.on(name, () => journal.push(`${request.url} ${name}`));
    for (const name of ['aborted', 'close']) request.on(name, () => journal.push(`${request.url} request ${name}`));
    if (request.url === '/raw-throw') throw new Error('before Koa');
    void koa(request, response);
  },
  { report: (error) => journal.push(`reported ${(error as { message: string }).message}`) },
);

on('onResourceStop', (resource: string) => {
  if (resource === GetCurrentResourceName()) stop();
});
