import type { ListeningServer, PushEventListener } from '../listener/push-event-listener.ts';
import { serve } from '../listener/serve.ts';
import type { Clock } from '../platform/clock.ts';
import { programFault } from './program-fault.ts';

/** @throws (as a rejection) a fault that says what to do when the port cannot be had */
export async function openPort(
  callback: ReturnType<PushEventListener['callback']>,
  { port, host }: { readonly port: number; readonly host: string },
  clock: Clock,
): Promise<ListeningServer> {
  try {
    return await serve(callback, port, host, clock);
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    throw programFault(sentenceFor(code, port, host), 1);
  }
}

function sentenceFor(code: string, port: number, host: string): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is in use: end the program that listens there, or give another --port.`;
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `Port ${port} of ${host} may not be listened on by this user: give a --port above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine: give another --host.`;
  }
  return `Nothing can listen on port ${port} of ${host} (${code}).`;
}
