// The same script in JavaScript.
const cad = globalThis.exports.sonorancad;
const tell = (what) => console.log(JSON.stringify(what));

on('js:gate', async (player) => {
  const { success, linked, online, communityUserId, unit } = await cad.isPlayerInCAD(player);
  tell({ success, linked, online, id: communityUserId ?? 'none', unit: unit?.id ?? 'none' });
  tell([(await cad.getPlayerCommunityUserId(player)) ?? 'none']);
});

on('js:linked', async (...identifiers) => {
  const answers = [];
  for (const identifier of identifiers) {
    const [type, bare] = identifier.split(':');
    answers.push(await cad.CadIsPlayerLinked(identifier), await cad.CadIsPlayerLinked(bare, type));
  }
  tell(answers);
});

on('js:client', async (identifiers) => {
  const client = cad.getCadClient();
  const linked = [];
  for (const apiId of identifiers) linked.push((await client.checkCommunityLinkV2({ apiId })).data.linked);
  const [unit] = (await client.getUnitsV2({ serverId: 1 })).data;
  tell({ linked, unit: unit.data.communityUserId ?? 'none' });
});

on('js:requests', async (player, identifier) => {
  const characters = await cad.performApiRequest([{ communityUserId: identifier }], 'GET_CHARACTERS');
  const call = await cad.performApiRequest(
    [
      {
        ...{ serverId: GetConvar('sonoran_serverId', '1'), isEmergency: true, caller: 'Guard', location: 'Pier' },
        ...{ description: 'Theft', metaData: { useCallLocation: true } },
      },
    ],
    'CALL_911',
  );
  cad.performApiRequest([{ id: call.callId }], 'DELETE_911_CALL', (_, deleted) => {
    cad.GetCharacters(player, async (found) => {
      tell({
        characters: characters.success ? characters.data.length : 'none',
        found: found?.length ?? 'none',
        metaData: call.data.metaData,
        deleted,
        set: await cad.cadSetUnitStatus('', 4, player),
        linked: await cad.CadIsPlayerLinked(identifier, () => {}),
      });
    });
  });
});

const HEARD = ['callcommands:EmergencyCallAdd', 'callcommands:PanicSent', 'apicheck:CheckPlayerLinkedResponse'];
for (const name of HEARD) on(`SonoranCAD::${name}`, (...args) => tell([/\w+$/.exec(name)[0], ...args]));
on('js:calls', (player) => {
  emit('SonoranCAD::apicheck:CheckPlayerLinked', player);
  const place = [1.5, 2.5, 3.5];
  emit('SonoranCAD::callcommands:SendCallApi', true, 'Clerk', place, 'Robbery in js', player, true, false, '911');
  emit('SonoranCAD::callcommands:SendPanic', player);
});
