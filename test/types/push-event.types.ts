// Never run: compiled by types.test.ts, with nothing but types.d.ts in reach.
import type {
  ForwardingStatus,
  KnownPushEvent,
  PushEvent,
  PushEventData,
  PushEventType,
  SonoranCadExports,
} from 'sonorancad/types';

declare const cad: SonoranCadExports;

const handle: number = cad.onPushEvent('EVENT_DISPATCH_NEW', (event) => {
  const title: string = event.data.dispatch.title;
  // @ts-expect-error a misspelt field
  event.data.dispatch.titel;
  // @ts-expect-error a misspelt field one level up
  event.data.dispach;
  // @ts-expect-error a name that only some calls' metaData has is not documented
  event.data.dispatch.metaData?.plate;
  const x: string | undefined = event.data.dispatch.metaData?.x;
  return [title, x];
});
const ended: boolean = cad.offPushEvent(handle);

cad.onPushEvent(['EVENT_UNIT_STATUS', 'EVENT_UNIT_PANIC'], (event) => {
  const ids: number[] = event.data.identIds;
  // @ts-expect-error only one of the two has it
  event.data.isPanic;
  return event.type === 'EVENT_UNIT_PANIC' ? event.data.isPanic : ids;
});

cad.onPushEvent('*', (event: PushEvent) => {
  const received: number = event.receivedAt;
  // @ts-expect-error what it holds is not known before valid and type are
  event.data.units;
  if (!event.valid) {
    const reasons: readonly string[] = event.issues;
    return reasons;
  }
  switch (event.type) {
    case 'EVENT_TONE':
      return event.data.playTonesTo[0]?.label;
    case 'EVENT_UNIT_LOGIN':
      // @ts-expect-error a field of another event
      event.data.playTonesTo;
      return event.data.unit.data.apiIds.join();
    default: {
      const type: string = event.type;
      return [type, received];
    }
  }
});

cad.onPushEvent('EVENT_SOMETHING_NEW', (event) => {
  const data: unknown = event.data;
  return data;
});

// @ts-expect-error no such type
const misspeltType: PushEventType = 'EVENT_TOEN';

type Login = PushEventData<'EVENT_UNIT_LOGIN'>;
const whole: Login['unit']['status'] = 2;
// @ts-expect-error missing fields
const part: KnownPushEvent<'EVENT_UNIT_LOGOUT'> = { type: 'EVENT_UNIT_LOGOUT', data: { identId: 1 } };

const forwarding: ForwardingStatus = cad.getForwardingStatus();
const replayed: number = cad.replayForwarding('all', forwarding.targets[0]?.target);
const linked: Promise<boolean> = cad.CadIsPlayerLinked('license:1');
cad.CadIsPlayerLinked('1', 'license', (isLinked) => isLinked === true);

cad.addBlips([{ subType: 'bank' }], (blips, ok, added) => {
  if (ok) return [blips];
  const reason: string = blips;
  return [reason, added?.length];
});
cad.addCallNote(1, 'a', (id, ok) => (ok ? id + 1 : id.toUpperCase()));
// @ts-expect-error what was found is only there when it went well
cad.addCallNote(1, 'a', (id) => id + 1);
cad.removeBlip([1, '2'], (text, ok) => [text.toUpperCase(), ok]);
cad.addTempBlipColor(1, 'red', 60, 'blue');
// @ts-expect-error it has to be said for how long
cad.addTempBlipColor(1, 'red');
cad.performLookup('46EEK572', null, { partial: true });
cad.getAllWarrantsAndBolos((found, meta) => (meta.ok ? [meta.pages, meta.truncated] : [found, meta.error]));
cad.getAllWarrantsAndBolos({ statuses: ['open', 1], maxPages: 2 }, (found, meta) => [found?.length, meta.ok]);
// A script that takes only the first argument.
cad.getBlips((json) => JSON.parse(json));
cad.call911('Ann', 'Pier', 'Fire', '', '', (text) => text.toUpperCase());
cad.addBlips([{ subType: 'bank' }], (blips) => blips.length);
cad.getAllWarrantsAndBolos((found) => found?.length);
cad.checkCADSubscriptionType('anything', () => 'is taken');
cad
  .getCadClient()
  .getBlipsV2(1)
  .then((answer) => (answer.success ? answer.data : answer.reason));

export const used = [replayed, linked, ended, misspeltType, whole, part];
