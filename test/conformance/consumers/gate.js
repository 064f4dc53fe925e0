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
