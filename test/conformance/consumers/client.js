const client = cad.getCadClient();
for (const { name, args } of JSON.parse(LoadResourceFile('js-calls', 'calls.json')))
  tell(name, await client[name](...args));
for (const name of ['checkApiIdV2', 'uploadBodycamRecordingV2']) {
  try {
    tell(name, await client[name]({}));
  } catch {
    tell(name, false);
  }
}
const { cad: second } = cad.createClient({ product: 0, communityId: 'mycommunity', defaultServerId: 2 });
tell('createClient', await second.getBlipsV2());
tell(
  'getCharactersV2',
  await cad.getCharactersV2({ communityUserId: 'license:000000000000000000000000000000000000000c' }),
);
