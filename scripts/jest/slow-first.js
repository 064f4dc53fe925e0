import Sequencer from '@jest/test-sequencer';

/** Files that take long for their size, since they start processes or servers or wait for what happens outside of this process. */
const SLOW = [
  'packages/fakecad/test/package',
  'packages/fxhost/test/cli/command-line',
  'packages/fxhost/test/package',
  'test/inspector/page',
  'test/listener/consumer',
  'test/listener/interop',
  'test/listener/package',
  'test/forwarding-on-fxhost',
  'test/nats-on-fxhost',
  'test/crash/',
  'test/cluster/',
  'test/start/',
  'test/program/',
  'test/examples/',
  'test/conformance/',
  'test/hardening/',
  'test/cad/on-fakecad/',
  'test/cad/session/hostile-hub',
  'test/forward/targets/nats-sending',
  'test/scripts/package',
  'test/bench/',
];

/**
 * The order of test files: Jest's own, longest first, where it remembers how long they took. A fresh clone remembers nothing, and
 * Jest goes by the files' size: then a small slow file would be the last one, with the other core idle.
 */
export default class SlowFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    const isSlow = ({ path }) => SLOW.some((part) => path.replaceAll('\\', '/').includes(part));
    return [...sorted.filter(isSlow), ...sorted.filter((test) => !isSlow(test))];
  }
}
