import { createHttpSending } from '../../../src/forward/targets/http-sending.ts';
import { createNatsSending } from '../../../src/forward/targets/nats-sending.ts';
import { createClock } from '../../../src/lib/clock.ts';

// The same with what streams need: the difference is what they add to loading.
const clock = createClock();
createHttpSending({ version: '', clock, statusLabels: [] });
createNatsSending({
  version: '',
  clock,
  load() {
    throw new Error('There is no target: nothing is loaded.');
  },
});
