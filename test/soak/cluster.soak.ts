import { it } from '@jest/globals';
import { type ChaosOptions, chaosRun, type Death } from '../cluster/chaos-run.ts';
import { expectNothingLost } from '../cluster/expectations.ts';
import { describeWithNats } from '../nats-server.ts';

const DEATHS: readonly Death[] = ['broker', 'worker', 'game server', 'frozen connection'];

describeWithNats('a cluster in which everything dies again and again', () => {
  it('has handled every one of 20,000 events that was answered ok, in order', async () => {
    const deaths = Array.from({ length: 200 }, () => DEATHS[Math.floor(Math.random() * DEATHS.length)] ?? 'broker');
    const options: ChaosOptions = {
      ...{ gameServers: 4, workers: 3, eventsEach: 5_000, deathEveryMs: 1_500, random: Math.random },
      deaths,
    };
    const run = await chaosRun(options);
    expectNothingLost(run, options);
    process.stderr.write(
      `${run.answered.length} events answered, ${run.handled.length} handled, ${run.deaths.length} deaths\n`,
    );
  }, 1_800_000);
});
