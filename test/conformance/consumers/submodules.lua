-- What scripts use of the official resource's submodules.
tell(awaited(function(done) cad:cadPlateLookup('ABC123', nil, done, 'license:0c') end))
tell(awaited(function(done) cad:cadPlateLookup('ABC123', done) end))
tell(awaited(function(done) cad:cadNameLookup('Ann', 'Doe', '', done) end))
tell(awaited(function(done) cad:cadNameLookup('', '', '', done) end))
for _ = 1, 2 do tell(awaited(function(done) cad:cadGetPlateInformation('abc123', done) end)) end
tell(awaited(function(done) cad:cadGetInformation('abc123', done, { forceRefresh = true, autoLookup = 'license:0c' }) end))
tell(awaited(function(done) cad:GetCharacters(7, done) end))
tell(cad:cadSetUnitStatus('license:000000000000000000000000000000000000000c', 'ENROUTE'), cad:getUnit(12).status)
tell(cad:cadSetUnitStatus(nil, 'on scene', 7), cad:getUnit(12).status)
tell(cad:cadSetUnitStatus('license:0c', 'NAPPING'))
tell(cad:cadGetNearestPostal(7), cad:cadGetNearestPostal(99) == nil)
