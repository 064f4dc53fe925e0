import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../project-root.ts';

/** What `npm start` was told; the usage below says what each is. */
export type StartOptions = ReturnType<typeof readStartOptions>;

export const USAGE = `npm start -- [options]
  --port N        port of the game server's stand-in (30120)
  --key KEY       API key, 16 characters or more (one is made up and printed)
  --resource DIR  runs this resource too; may be given several times
  --name NAME     folder name the resource runs under (sonorancad)
  --root DIR      folder of the server's data (.fxhost)
  --power-loss    forgets key-value writes that were not flushed, as a power cut does
  --fakecad       runs a pretend CAD beside it, with a page to fire events from
  --edition NAME  legacy (FXServer) or enhanced (the server of GTA V Enhanced, on Node 26)
  --help          prints this`;

/** @throws Error with what is wrong, for a flag that is unknown or has no sense. */
export function readStartOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '30120' },
      key: { type: 'string' },
      resource: { type: 'string', multiple: true, default: [] },
      name: { type: 'string', default: 'sonorancad' },
      root: { type: 'string', default: join(projectRoot, '.fxhost') },
      'power-loss': { type: 'boolean', default: false },
      fakecad: { type: 'boolean', default: false },
      edition: { type: 'string', default: 'legacy' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--port ${values.port}: expected a number from 0 to 65535`);
  }
  const { edition } = values;
  if (edition !== 'legacy' && edition !== 'enhanced') {
    throw new Error(`--edition ${edition}: expected legacy or enhanced`);
  }
  return {
    port,
    key: values.key ?? randomBytes(16).toString('hex'),
    resources: values.resource.map((folder) => resolve(folder)),
    name: values.name,
    root: resolve(values.root),
    powerLoss: values['power-loss'],
    fakecad: values.fakecad,
    edition: edition as 'legacy' | 'enhanced',
  };
}
