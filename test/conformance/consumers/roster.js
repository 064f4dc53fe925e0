// The same board in JavaScript.
const cad = globalThis.exports.sonorancad;
let gone = 0;
let updates = 0;
const others = [];

on('SonoranCAD::core:RemovePlayer', () => {
  gone += 1;
});
on('SonoranCAD::pushevents:CallCacheUpdated', () => {
  updates += 1;
});
on('SonoranCAD::pushevents:OtherEvent', (type, data) => others.push([type, data]));
on('js:board', () => {
  const calls = Object.entries(cad.GetCallCache()).map(([id, { dispatch_type: type, dispatch }]) =>
    [id, type, dispatch.idents.length, dispatch.metaData === undefined].join(' '),
  );
  console.log(JSON.stringify({ units: cad.GetUnitCache().length, gone, calls: calls.sort(), updates, others }));
});
