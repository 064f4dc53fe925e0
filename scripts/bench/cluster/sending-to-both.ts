import { HttpSending } from '../../../src/forward/targets/http-sending.ts';
import { NatsSending } from '../../../src/forward/targets/nats-sending.ts';
import { createClock } from '../../../src/lib/clock.ts';

// The same with what streams need: the difference is what they add to loading.
const clock = createClock();
new HttpSending({ version: '', clock, statusLabels: [] });
new NatsSending({
  version: '',
  clock,
  load() {
    throw new Error('There is no target: nothing is loaded.');
  },
});
