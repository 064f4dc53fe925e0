// A simulated game server: the resource in fxhost, with one event posted each second. It needs a copy of the source.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHost } from '../../packages/fxhost/src/index.ts';

const { SERVER_ID = '1', BROKER = 'nats://127.0.0.1:4222', BROKER_PASSWORD = '', DATA = '/data' } = process.env;
const checkout = join(import.meta.dirname, '..', '..');
const key = 'a-key-for-the-example';

/** Copies the built resource into a folder and writes its configuration. */
function writeResource(folder: string): void {
  mkdirSync(join(folder, 'resource'), { recursive: true });
  copyFileSync(join(checkout, 'fxmanifest.lua'), join(folder, 'fxmanifest.lua'));
  for (const name of readdirSync(join(checkout, 'resource'))) {
    copyFileSync(join(checkout, 'resource', name), join(folder, 'resource', name));
  }
  const network = {
    name: 'network',
    url: BROKER,
    stream: 'sonoran',
    createStream: true,
    credentials: { user: `game-${SERVER_ID}`, password: BROKER_PASSWORD },
  };
  const config = {
    apiKey: key,
    apiSendEnabled: false,
    serverId: Number(SERVER_ID),
    enablePushEventForwarding: true,
    pushEventForwardTargets: [network],
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
}

const folder = join(DATA, 'sonorancad');
writeResource(folder);
const host = await startHost({ root: join(DATA, 'server'), log: (line) => console.log(line) });
host.addResource(folder, 'sonorancad');
host.ensure('sonorancad');
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void host.close().then(() => process.exit()));

for (let identId = 1; ; identId += 1) {
  const body = JSON.stringify({ key, type: 'EVENT_UNIT_LOGOUT', data: { identId } });
  await fetch(`${host.url}/sonorancad/event`, { method: 'POST', body }).catch(() => {});
  await sleep(1_000);
}
