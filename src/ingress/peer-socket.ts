import { EventEmitter } from 'node:events';
import { plainAddress } from './plain-address.ts';

/**
 * What `request.socket` is for a request that came through FXServer, which shows scripts no socket: who is at the other
 * end, and whether it still is (`close`).
 */
export class PeerSocket extends EventEmitter {
  /** An IPv4 peer has its IPv4 address, also when FXServer listens on `[::]` and names it `::ffff:1.2.3.4`. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly remoteFamily: 'IPv4' | 'IPv6';
  /** FXServer does TLS on the game port too, but does not tell. */
  readonly encrypted = false;
  readable = true;
  writable = true;
  destroyed = false;

  /** @param address as CitizenFX writes it: `1.2.3.4:5` or `[2001:db8::1]:5`. */
  constructor(address: string) {
    super();
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
    this.remoteAddress = plainAddress(host);
    this.remotePort = Number.parseInt(address.slice(colon + 1), 10);
    this.remoteFamily = this.remoteAddress.includes(':') ? 'IPv6' : 'IPv4';
  }

  /** Marks the connection as gone. Closing it is not in a script's power. */
  destroy(): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.readable = false;
    this.writable = false;
    this.emit('close');
    return this;
  }
}
