import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/** Of these a test has this process's own, although every context has its own, too. */
const SHARED = new Set(['ArrayBuffer', 'Buffer', 'Uint8Array', 'process']);

/**
 * Jest's own environment for Node, but in a context whose global object is an ordinary one. Jest's has interceptors and a proxy
 * behind it, which each `Object`, `JSON` or `Math` in a test or in src passes: code that is busy takes nearly twice as long there.
 */
export default class PlainContext extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const plain = vm.createContext(vm.constants.DONT_CONTEXTIFY);
    for (const name of Reflect.ownKeys(this.global)) {
      if (Object.hasOwn(plain, name) && !SHARED.has(name)) continue;
      Object.defineProperty(plain, name, Object.getOwnPropertyDescriptor(this.global, name));
    }
    plain.global = plain;
    this.context = plain;
    this.global = plain;
  }
}
