import { expect, it } from '@jest/globals';
import { describeWithNats } from '../nats-server.ts';
import { type ChaosOptions, chaosRun } from './chaos-run.ts';
import { expectNothingLost } from './expectations.ts';

describeWithNats('cluster with a broker, two game servers and two workers', () => {
  it('handles every answered event in order, although each part dies once', async () => {
    const options: ChaosOptions = {
      // The pace keeps events coming until the last death, with few events.
      ...{ gameServers: 2, workers: 2, eventsEach: 150, postEveryMs: 20, deathEveryMs: 100 },
      deaths: ['broker', 'worker', 'game server', 'frozen connection'],
      random: Math.random,
    };
    const run = await chaosRun(options);
    expect(run.deaths.map(({ of }) => of)).toEqual(options.deaths);
    expectNothingLost(run, options);
  });
});
