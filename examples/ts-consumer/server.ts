import type { PushEvent, SonoranCadExports } from 'sonorancad/types';

on('sonorancad:pushEvent', (event: PushEvent) => {
  console.log(`push event ${event.type}`);
});

function subscribe(): void {
  // `globalThis` is needed: bundlers treat plain `exports` as the exports of a CommonJS module.
  const sonorancad = globalThis.exports.sonorancad as SonoranCadExports;
  sonorancad.onPushEvent('EVENT_DISPATCH_NEW', (event) => {
    const { callId, title, idents } = event.data.dispatch;
    console.log(`call ${callId} "${title}" has units ${idents.join(', ')}`);
  });
}

// Subscribe again after each start of sonorancad, and now if sonorancad runs already.
on('sonorancad:ready', subscribe);
if (GetResourceState('sonorancad') === 'started') subscribe();
