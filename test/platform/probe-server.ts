// A server script that prints what the platform wrappers give; bundled and run on the stand-in by players.test.ts.
import { createClientEvents } from '../../src/platform/events.ts';
import { registerPlayerCommand } from '../../src/platform/game-server.ts';
import { createDutyChecks, createPlayerSource } from '../../src/platform/players.ts';
import { createOtherResources } from '../../src/platform/resources.ts';

const say = (...values: unknown[]) => console.log(values.map((value) => JSON.stringify(value)).join(' '));

const players = createPlayerSource();
const clients = createClientEvents();
const resources = createOtherResources();
const duty = createDutyChecks(resources);

say('list', players.list());
players.onJoin((source) => say('join', source, players.identifiersOf(source), players.coordinatesOf(source)));
players.onDrop((source) => say('drop', source));
registerPlayerCommand('cadnotify', (source, words) => {
  say('command', source, words);
  clients.send('quick', source, 1);
  clients.sendSlowly('slow', -1, 2);
  say('ace', duty.hasAce(source, 'police.duty'), duty.hasAce(source, 'other'));
  say('job', duty.jobOf(source));
  say('framework', duty.hasFramework());
  say('file', resources.readNamedFile('nearest-postal', 'postal_file'), resources.readNamedFile('gone', 'postal_file'));
  say('started', resources.isStarted('nearest-postal'), resources.isStarted('gone'));
  try {
    resources.callExport('gone', 'x');
  } catch (error) {
    say((error as Error).message);
  }
});
