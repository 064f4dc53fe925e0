import { expect, it } from '@jest/globals';
import { describeWithNats } from '../nats-server.ts';
import { type ChaosOptions, chaosRun } from './chaos-run.ts';
import { expectNothingLost } from './expectations.ts';

describeWithNats('a cluster in which everything dies once', () => {
  it('has handled every event that was answered ok, in order', async () => {
    const options: ChaosOptions = {
      // Few events cost little, and are still being posted when the last death comes.
      ...{ gameServers: 2, workers: 2, eventsEach: 150, postEveryMs: 20, everyMs: 100 },
      deaths: ['broker', 'worker', 'game server', 'frozen connection'],
      random: Math.random,
    };
    const run = await chaosRun(options);
    expect(run.deaths.map(({ of }) => of)).toEqual(options.deaths);
    expectNothingLost(run, options);
  });
});
