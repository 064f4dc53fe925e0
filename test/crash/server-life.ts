import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { ForwardingStatus } from '../../src/forward/forwarding-status.ts';
import { SOURCE_FLAGS } from '../child-program.ts';
import type { ServerOrders } from './server-process.ts';

/** One life of a server, from its start until it is killed. */
export interface ServerLife {
  /** Posts a body. @returns whether it was answered `ok`; false when the server was killed over it */
  post(body: string): Promise<boolean>;
  readonly isOver: boolean;
  status(): Promise<ForwardingStatus>;
  /** Kills it from outside, as the operator's machine might. */
  kill(): Promise<void>;
  /** Resolves with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** A server may be killed while it starts. Rejects when it does not start for any other reason. */
export async function beginLife(orders: ServerOrders): Promise<ServerLife> {
  const child = fork(join(import.meta.dirname, 'server-process.ts'), [JSON.stringify(orders)], {
    execArgv: SOURCE_FLAGS,
  });
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  const port = await Promise.race([
    answerOf<{ port: number }>(child).then((answer) => answer.port),
    ended.then((signal) => (signal === 'SIGKILL' ? null : new Promise<never>(() => {}))),
  ]);
  // The game server closes a connection after six answers: one for each request is simpler.
  const agent = new Agent({ keepAlive: false });
  return {
    post: async (body) => port !== null && post(port, body, agent),
    get isOver() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    async status() {
      child.send('status');
      return (await answerOf<{ status: ForwardingStatus }>(child)).status;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    ended,
  };
}

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null, signal: string | null) => {
      if (signal !== 'SIGKILL') reject(new Error(`The server ended with code ${code} (${signal}) and said nothing.`));
    };
    child.once('exit', died);
    child.once('message', (message) => {
      child.off('exit', died);
      resolve(message as Answer);
    });
  });
}

function post(port: number, body: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(
      { port, host: '127.0.0.1', path: '/sonorancad/event', method: 'POST', agent, headers: headersOf(body) },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('error', () => resolve(false));
        response.on('end', () => resolve(response.statusCode === 200 && text.startsWith('ok')));
      },
    );
    sent.on('error', () => resolve(false));
    sent.end(body);
  });
}

function headersOf(body: string): Record<string, string> {
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
}
