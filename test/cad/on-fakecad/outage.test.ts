import { afterEach, expect, it } from '@jest/globals';
import { startFakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import { KEY } from '../../serve-resource.ts';
import { until } from '../../until.ts';
import { COMMUNITY, closeAfterwards, closeLinks, type Linked, link, register, registered } from './set-up.ts';
import { addWitnesses, bodyOf, heard } from './witnesses.ts';

afterEach(closeLinks);

const LOGIN = {
  unit: {
    id: 12,
    accId: 'account-12',
    status: 2,
    isPanic: false,
    isDispatch: false,
    location: '',
    data: { apiIds: ['steam:1'] },
  },
};
const STATUS = { identIds: [12], status: 3 };

const unitOf = ({ host }: Linked) =>
  host.callExport('sonorancad', 'getUnit', 12) as { status: number } | null | undefined;

/** An event over HTTP is answered, dispatched and applied. */
async function takesEvents(linked: Linked): Promise<void> {
  heard(linked.host);
  expect(await linked.served.post(bodyOf('EVENT_UNIT_LOGIN', LOGIN))).toEqual([200, 'ok']);
  expect(await linked.served.post(bodyOf('EVENT_UNIT_STATUS', STATUS))).toEqual([200, 'ok']);
  await until(() => unitOf(linked)?.status === 3);
  const all: string[] = [];
  await until(() => all.push(...heard(linked.host)) >= 0 && all.includes('push EVENT_UNIT_STATUS'));
  expect(all).toEqual(expect.arrayContaining(['UnitLogin', 'push EVENT_UNIT_LOGIN', 'UnitStatusUpdate']));
}

async function start(apiUrl?: string): Promise<Linked> {
  const linked = await link(apiUrl === undefined ? {} : { config: { apiUrl } });
  register(linked);
  addWitnesses(linked.served);
  linked.host.addPlayer();
  return linked;
}

it.each([
  ['hangs up on whoever asks', { refuseConnections: true }],
  ['answers everything with 500', { next500: Number.POSITIVE_INFINITY }],
  ['answers everything with 429', { next429: { count: Number.POSITIVE_INFINITY } }],
  ['gives half answers', { halfAPage: 'hangUp' }],
  ['refuses the key', { refuseAuth: true }],
] as const)(
  'while the CAD %s, events come in by HTTP as ever, and all is well again by itself afterwards',
  async (_what, faults) => {
    const linked = await start();
    const { cad, host } = linked;
    Object.assign(cad.faults, faults);
    host.ensure('sonorancad');
    await linked.laterUntil(() => cad.requests.length > 2 || 'refuseConnections' in faults);
    for (let time = 0; time < 10; time += 1) await linked.later(5_000);
    await takesEvents(linked);
    cad.world.at(1).units = [{ ...LOGIN.unit, status: 4 }];
    Object.assign(cad.faults, {
      refuseConnections: false,
      next500: 0,
      next429: { count: 0 },
      halfAPage: 'off',
      refuseAuth: false,
    });
    await linked.laterUntil(() => cad.sessions.length === 1);
    await linked.laterUntil(() => unitOf(linked)?.status === 4);
    // The CAD knows of the session a moment before the resource has its answer.
    await linked.session('open');
    expect((await linked.health()).link.api.nextTryInMs).toBeNull();
    await linked.laterUntil(() => linked.printed().includes('The CAD sends push events to'));
    expect(linked.printed().split('\n').length).toBeLessThan(20);
  },
);

it('where nobody listens at all, events come in by HTTP as ever, and the CAD is found once it is there', async () => {
  const gone = await startFakeCad({ apiKey: KEY, communityId: COMMUNITY });
  await gone.close();
  const linked = await start(gone.url);
  linked.host.ensure('sonorancad');
  await linked.session('waiting');
  for (let time = 0; time < 10; time += 1) await linked.later(5_000);
  await takesEvents(linked);
  expect(linked.printed()).toContain(
    'No session with the CAD could be opened; push events come in by HTTP until there is one.',
  );
  const cad = await startFakeCad({
    ...{ port: Number(new URL(gone.url).port), apiKey: KEY, communityId: COMMUNITY },
    servers: [registered(linked.host.port)],
  });
  closeAfterwards(() => cad.close());
  cad.world.at(1).units = [{ ...LOGIN.unit, status: 4 }];
  await linked.laterUntil(() => cad.sessions.length === 1);
  await linked.laterUntil(() => unitOf(linked)?.status === 4);
});

it('an event is answered at once while answers of the CAD take for ever', async () => {
  const linked = await start();
  linked.cad.faults.slowMs = 20_000;
  linked.cad.faults.mute = true;
  linked.host.ensure('sonorancad');
  await until(() => linked.cad.requests.length > 0);
  await takesEvents(linked);
  linked.host.execute('sonorancad status');
  await until(() => linked.printed().includes('transport: Events come in by HTTP'));
  linked.host.stop('sonorancad');
  expect(linked.host.resourceState('sonorancad')).toBe('stopped');
});
