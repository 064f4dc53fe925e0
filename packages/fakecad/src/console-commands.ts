import type { FakeCad } from './fake-cad.ts';
import { type FaultName, faultNames, switchFault } from './faults.ts';
import { describePush } from './pushes.ts';

const USAGE = `fire TYPE           sends the sample event of this type, as the CAD would: fire EVENT_911, or fire 911
drop [half]         cuts the sessions, in the middle of a message if wanted
fault NAME on|off   one of ${faultNames.join(', ')}`;

/**
 * Runs a command that somebody typed for the pretend CAD.
 *
 * @param print gets what came of it, line by line
 */
export function runCommand(cad: FakeCad, line: string, print: (text: string) => void): void {
  const [action, first, second] = line.trim().split(/\s+/);
  if (action === 'fire' && first !== undefined) void fire(cad, first).then(print);
  else if (action === 'drop') print(`Sessions dropped: ${cad.dropSessions(first === 'half')}.`);
  else if (action === 'fault' && isFault(first) && (second === 'on' || second === 'off')) {
    switchFault(cad.faults, first, second === 'on');
    print(`${first} is ${second}.`);
  } else print(USAGE);
}

/** @param wanted a type in any case, with or without its `EVENT_` */
async function fire(cad: FakeCad, wanted: string): Promise<string> {
  const names = [wanted.toUpperCase(), `EVENT_${wanted.toUpperCase()}`];
  const sample = cad.samples.find(({ type }) => names.includes(type));
  if (sample !== undefined) return describePush(await cad.fire(sample));
  const types = cad.samples.map(({ type }) => type).sort();
  return `There is no sample of "${wanted}". There are: ${types.join(', ')}.`;
}

function isFault(name: string | undefined): name is FaultName {
  return faultNames.some((known) => known === name);
}
