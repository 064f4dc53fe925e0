// A server script that prints the results of the platform's functions. players.test.ts bundles it and runs it in fxhost.
import { clientEvents } from '../../src/platform/events.ts';
import { registerPlayerCommand } from '../../src/platform/game-server.ts';
import { FrameworkDutyChecks, serverPlayers } from '../../src/platform/players.ts';
import { otherResources } from '../../src/platform/resources.ts';

const say = (...values: unknown[]) => console.log(values.map((value) => JSON.stringify(value)).join(' '));

const duty = new FrameworkDutyChecks(otherResources);

say('list', serverPlayers.list());
serverPlayers.onJoin((source) =>
  say('join', source, serverPlayers.identifiersOf(source), serverPlayers.coordinatesOf(source)),
);
serverPlayers.onDrop((source) => say('drop', source));
registerPlayerCommand('cadnotify', (source, words) => {
  say('command', source, words);
  clientEvents.send('quick', source, 1);
  clientEvents.sendSlowly('slow', -1, 2);
  say('ace', duty.hasAce(source, 'police.duty'), duty.hasAce(source, 'other'));
  say('job', duty.jobOf(source));
  say('framework', duty.hasFramework());
  say(
    'file',
    otherResources.readNamedFile('nearest-postal', 'postal_file'),
    otherResources.readNamedFile('gone', 'postal_file'),
  );
  say('started', otherResources.isStarted('nearest-postal'), otherResources.isStarted('gone'));
  try {
    otherResources.callExport('gone', 'x');
  } catch (error) {
    say((error as Error).message);
  }
});
