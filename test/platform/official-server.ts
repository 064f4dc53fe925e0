// A server script that prints whether the official resource runs, and each change. official-resource.test.ts bundles it and
// runs it in fxhost.

import { SharedCommands } from '../../src/commands/players/player-commands.ts';
import { gameEvents } from '../../src/platform/events.ts';
import { announceOfficial, OfficialResource } from '../../src/platform/resources.ts';

const official = new OfficialResource(GetCurrentResourceName(), gameEvents);
const say = (line: string) => console.log(line);
const lines = { debug: say, info: say, warn: say, error: say };
const log = { ...lines, coalesce: () => lines };

say(`running ${official.isRunning()}`);
official.onChange((isRunning) => say(`changed ${isRunning} ${official.isRunning()}`));
announceOfficial(official, { resourceName: 'ours', port: 30120 }, () => GetConvar('legacy', '') !== '', {
  ...log,
  info: (message, fields) => say(`line ${message} ${JSON.stringify(fields)}`),
});
new SharedCommands(official, gameEvents.nextTick).add('dn', (source, words) => say(`ours ${source} ${words}`));
