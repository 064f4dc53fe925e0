// A consumer in JavaScript: keeps every event of the official resource that it hears, and what the caches gave in that moment.
const NAMES = JSON.parse(LoadResourceFile(GetCurrentResourceName(), 'names.json'));
let heard = [];

function unitsOf(list) {
  return Array.isArray(list) ? list.map(({ id, status }) => `${id}:${status}`).join(' ') : 'no list';
}

function caches() {
  const cad = globalThis.exports.sonorancad;
  const calls = Object.entries(cad.GetCallCache()).map(([id, { dispatch_type: type, dispatch }]) =>
    [id, type, dispatch.status, `units ${dispatch.idents.join()}`, `notes ${dispatch.notes.length}`].join(' '),
  );
  return {
    units: unitsOf(cad.GetUnitCache()),
    place: cad.GetUnitById(12) ?? 'none',
    calls: calls.sort(),
    emergencies: Object.entries(cad.GetEmergencyCache())
      .map(([id, { caller }]) => `${id} ${caller}`)
      .sort(),
  };
}

for (const name of NAMES) on(name, (...args) => heard.push({ name, args, caches: caches() }));

exports('take', () => {
  const all = heard;
  heard = [];
  return JSON.stringify(all);
});
// The official resource's way of subscribing.
exports('register', (type) => {
  emit('SonoranCAD::RegisterPushEvent', type, (body) => heard.push({ name: 'registered:body', args: [body] }));
});
exports('caches', () => JSON.stringify(caches()));
