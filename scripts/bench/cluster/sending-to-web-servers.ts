import { HttpSending } from '../../../src/forward/targets/http-sending.ts';
import { createClock } from '../../../src/lib/clock.ts';

// A script that holds of forwarding only what web servers as targets need.
new HttpSending({ version: '', clock: createClock(), statusLabels: [] });
