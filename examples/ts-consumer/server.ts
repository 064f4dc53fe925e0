import type { PushEvent, SonoranCadExports } from 'sonorancad/types';

on('sonorancad:pushEvent', (event: PushEvent) => {
  console.log(`push event ${event.type}`);
});

function subscribe(): void {
  // Not plain `exports`: bundlers take that for the exports of a module.
  const sonorancad = globalThis.exports.sonorancad as SonoranCadExports;
  sonorancad.onPushEvent('EVENT_DISPATCH_NEW', (event) => {
    const { callId, title, idents } = event.data.dispatch;
    console.log(`call ${callId} "${title}" has units ${idents.join(', ')}`);
  });
}

// Again after each start of sonorancad, and now, if it runs already.
on('sonorancad:ready', subscribe);
if (GetResourceState('sonorancad') === 'started') subscribe();
