// The same in JavaScript.
const PREFIX = 'SonoranCAD::callcommands:';

for (const name of ['cadIncomingCall', 'EmergencyCallAdd', 'CallCreated', 'PanicSent'])
  on(PREFIX + name, (...args) => console.log(JSON.stringify([name, args])));

on('js:rob', (source) => {
  emit(
    `${PREFIX}SendCallApi`,
    true,
    'Clerk',
    { x: 1.5, y: 2.5, z: 3.5 },
    'Robbery in JavaScript',
    source,
    true,
    true,
    '911',
  );
});
on('js:rob nobody', () => {
  emit(`${PREFIX}SendCallApi`, false, 'Clerk', 'Alta St', 'Theft in JavaScript', 0, null, null, '311');
});
on('js:panic', (source) => emit(`${PREFIX}SendPanic`, source));
on('js:dispatch', () => emit(`${PREFIX}CreateCall`, { title: 'JavaScript', address: 'Pier' }));
on('js:stray', () => {
  for (let time = 0; time < 2; time += 1) {
    emit('SonoranCAD::localcallers:Call911', 'Pier', 'Fire');
    emit('SonoranCAD::calltemplates:SendDispatch', {});
  }
  console.log('["strayed"]');
});
