import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import { type AskHttp, createDoctor, OwnProbe } from '../../src/commands/doctor.ts';
import { reportSession } from '../../src/commands/status-command.ts';
import { describeFindings } from '../../src/lib/finding.ts';
import { createPretendCad, entryOf } from '../cad/registration/pretend-cad.ts';
import { setUpRegistration } from '../cad/registration/set-up-registration.ts';

const page = readFileSync(join(projectRoot, 'docs', 'connection.md'), 'utf8');

/** A game server that answers on its own port, and cannot call its public address. */
const ask: AskHttp = async ({ url, body }) => {
  if (!url.includes('127.0.0.1')) return { answered: false, reason: 'ECONNREFUSED' };
  return { answered: true, status: body === undefined ? 200 : 400, text: '' };
};

it('the page about the connection shows what the doctor prints', async () => {
  const { registration } = setUpRegistration(createPretendCad(entryOf(1, { name: 'Main', listenerPort: '30121' })));
  const open = { connectedAt: 0, lastEventAt: null, attempts: 0, nextAttemptInMs: null };
  const doctor = createDoctor({
    own: { port: 30120, resourceName: 'sonorancad' },
    ask,
    probe: new OwnProbe(),
    problems: () => [],
    idleBecause: () => null,
    keys: () => ['a-key-of-the-community-0123456789'],
    checkCad: () => registration.check(),
    session: () => reportSession({ ...open, state: 'open', why: null, since: 0 }),
    forwarding: () => [],
  });
  expect(page).toContain(`\`\`\`\n${describeFindings(await doctor()).join('\n')}\n\`\`\``);
});

it('the page about the connection shows what the console says of the registration', async () => {
  const { run } = setUpRegistration(createPretendCad(entryOf(1, { name: 'Main' })));
  expect(page).toContain(`\`\`\`\n${(await run()).line}\n\`\`\``);
});
