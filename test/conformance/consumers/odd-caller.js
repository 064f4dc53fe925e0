// The same in JavaScript, where a dot is right.
const cad = globalThis.exports.sonorancad;
const tell = (...what) => console.log(JSON.stringify(what));

on('js:no callback', () => {
  cad.performApiRequest(
    [
      {
        ...{ serverId: GetConvar('sonoran_serverId', '1'), isEmergency: true, caller: 'Guard', location: 'Vangelico' },
        ...{ description: 'js: no callback', metaData: { useCallLocation: true, plate: undefined } },
      },
    ],
    'CALL_911',
  );
  tell('asked');
});

on('js:waits', () => {
  const call = { origin: 1, status: 1, priority: 2, title: 'js: waits', address: 'Alta St', notes: [], units: [] };
  cad.performApiRequest([{ serverId: GetConvar('sonoran_serverId', '1'), ...call }], 'NEW_DISPATCH', async (result) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const callId = /ID: (\d+)/.exec(result)[1];
    cad.performApiRequest([{ callId, label: 'Camera', note: 'js: 88 mph' }], 'ADD_CALL_NOTE', async (_, ok) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      tell(ok);
    });
  });
});
