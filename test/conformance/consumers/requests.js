const [added, ok] = await awaited((done) =>
  cad.addBlip({ x: 1.5, y: 2.5 }, '#00a6ff', 'repeater', 'Radio Tower', 'tower', [], done),
);
const [tower] = JSON.parse(added);
tell(typeof added, ok, tower.subType, typeof tower.id);
tell(...(await awaited((done) => cad.removeBlip([tower.id], done))));
const [found] = await awaited((done) => cad.performLookup('ABC 123', done));
tell(JSON.parse(found).map(({ type }) => type));
const [records, meta] = await awaited((done) => cad.getAllWarrantsAndBolos(done));
tell(records.length, meta);
const [result, done, performed] = await awaited((given) =>
  cad.performApiRequest(
    [{ isEmergency: true, caller: 'Ann', location: 'Pier', description: 'Fire' }],
    'CALL_911',
    given,
  ),
);
tell(result.callId === performed.callId, done, performed.success, performed.data.caller);
tell((await cad.performApiRequest([{ id: performed.callId }], 'DELETE_911_CALL')).success);
tell((await awaited((given) => cad.performApiRequest([], 'GET_VERSION', given)))[0]);
tell((await awaited((given) => cad.performApiRequest([{}], 'GET_CALLS', given)))[0]);
tell(await cad.CadIsPlayerLinked('license:000000000000000000000000000000000000000c', () => {}));
