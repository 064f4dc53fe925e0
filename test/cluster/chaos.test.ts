import { it } from '@jest/globals';
import { describeWithNats } from '../nats-server.ts';
import { type ChaosOptions, chaosRun } from './chaos-run.ts';
import { expectNothingLost } from './expectations.ts';

describeWithNats('a cluster in which everything dies once', () => {
  it('has handled every event that was answered ok, in order', async () => {
    const options: ChaosOptions = {
      ...{ gameServers: 2, workers: 2, eventsEach: 300, everyMs: 100 },
      deaths: ['broker', 'worker', 'game server', 'frozen connection'],
      random: Math.random,
    };
    expectNothingLost(await chaosRun(options), options);
  });
});
