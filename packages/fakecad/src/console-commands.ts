import type { FakeCad } from '../../packages/fakecad/src/fake-cad.ts';
import { type FaultName, faultNames, switchFault } from '../../packages/fakecad/src/faults.ts';
import { describePush } from '../../packages/fakecad/src/pushes.ts';
import { findSample } from '../../src/program/send/samples.ts';
import { readSamples } from '../send/sample-payloads.ts';

const USAGE = `fakecad fire TYPE          sends the sample event of this type, as the CAD would
fakecad drop [half]        cuts the sessions, in the middle of a message if wanted
fakecad fault NAME on|off  one of ${faultNames.join(', ')}`;

/**
 * Runs a console line that is meant for the pretend CAD.
 *
 * @param print gets what came of it, line by line
 * @returns whether the line was meant for it
 */
export function runFakeCadCommand(cad: FakeCad, line: string, print: (text: string) => void): boolean {
  const [command, action, first, second] = line.trim().split(/\s+/);
  if (command !== 'fakecad') return false;
  if (action === 'fire' && first !== undefined) void fire(cad, first).then(print);
  else if (action === 'drop') print(`Sessions dropped: ${cad.dropSessions(first === 'half')}.`);
  else if (action === 'fault' && isFault(first) && (second === 'on' || second === 'off')) {
    switchFault(cad.faults, first, second === 'on');
    print(`${first} is ${second}.`);
  } else print(USAGE);
  return true;
}

async function fire(cad: FakeCad, wanted: string): Promise<string> {
  try {
    const { type, body } = findSample(readSamples(), wanted);
    return describePush(await cad.fire({ ...body, type }));
  } catch (error) {
    return (error as Error).message;
  }
}

function isFault(name: string | undefined): name is FaultName {
  return faultNames.some((known) => known === name);
}
