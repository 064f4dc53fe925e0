const titles = (records) => records.map(({ name }) => name);
const [byPlate] = await awaited((done) => cad.cadPlateLookup('ABC123', null, done));
tell(titles(byPlate));
const [byName] = await awaited((done) => cad.cadNameLookup('Ann', 'Doe', '', done));
tell(titles(byName));
tell(...(await awaited((done) => cad.cadGetPlateInformation('abc123', done))));
tell(...(await awaited((done) => cad.GetCharacters('7', done))));
tell(await cad.cadSetUnitStatus('', 4, 7), cad.getUnit(12).status, cad.cadGetNearestPostal(7));
