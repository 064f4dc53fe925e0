// A server script that prints what it knows of the official resource; bundled and run on the stand-in by official-resource.test.ts.

import { SharedCommands } from '../../src/commands/players/player-commands.ts';
import { createGameEvents } from '../../src/platform/events.ts';
import { announceOfficial, createOfficialResource } from '../../src/platform/resources.ts';

const events = createGameEvents();
const official = createOfficialResource(GetCurrentResourceName(), events);
const say = (line: string) => console.log(line);
const lines = { debug: say, info: say, warn: say, error: say };
const log = { ...lines, coalesce: () => lines };

say(`running ${official.isRunning()}`);
official.onChange((isRunning) => say(`changed ${isRunning} ${official.isRunning()}`));
announceOfficial(official, { resourceName: 'ours', port: 30120 }, () => GetConvar('legacy', '') !== '', {
  ...log,
  info: (message, fields) => say(`line ${message} ${JSON.stringify(fields)}`),
});
new SharedCommands(official, events.nextTick).add('dn', (source, words) => say(`ours ${source} ${words}`));
