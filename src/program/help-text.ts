import { describeOptions } from './options.ts';

/** @returns what `--help` prints */
export function helpText(): string {
  return [
    'Usage: sonorancad listen [options]',
    '',
    'Receives push events of Sonoran CAD and prints each on a line of its own. Not affiliated with Sonoran Software Systems.',
    '',
    'Options:',
    ...describeOptions(),
    '',
    'The API key comes from --key, from --key-file or from the environment variable SONORANCAD_KEY, the first of them that is given.',
    '',
    'Commands of --exec run one at a time, for 30 seconds at most, in the order of the events; 1,000 events can wait for it.',
    'SIGTERM, SIGINT and SIGHUP stop the program once everything that was answered is done; a second one gives up on the rest.',
  ].join('\n');
}
