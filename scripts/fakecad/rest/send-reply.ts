import type { ServerResponse } from 'node:http';
import type { Faults } from '../faults.ts';
import type { Reply } from './reply.ts';

/** Sends an answer, or what a fault leaves of it. */
export function sendReply(response: ServerResponse, reply: Reply, half: Faults['halfAPage']): void {
  const whole = Buffer.from(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  const start = whole.subarray(0, Math.ceil(whole.length / 2));
  const sent = half === 'truncated' ? start : whole;
  const headers = { ...reply.headers, 'Content-Type': `${reply.type}; charset=utf-8`, 'Content-Length': sent.length };
  response.writeHead(reply.status, headers);
  if (half === 'hangUp') response.write(start, () => response.destroy());
  else response.end(sent);
}
