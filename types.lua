---@meta

-- For your editor only: never load it in a resource. Add the folder of sonorancad to Lua.workspace.library of the Lua language server.
-- Written by "npm run generate" from types.d.ts, for TypeScript. Data can hold more fields than are named here.

---@class SonoranCad.UnitUpdateData
---@field units SonoranCad.UnitChange[] Units that have changed, each with what is new

---What an update says about a unit: a field that it leaves out has not changed.
---@class SonoranCad.UnitChange
---@field id number The identifier that other events call ident or identId
---@field accId? string Account UUID
---@field status? number 0 unavailable, 1 busy, 2 available, 3 enroute, 4 on scene; communities may add more
---@field isPanic? boolean Whether its panic button is pressed
---@field location? string Where it is, in words
---@field aop? string Area of play
---@field isDispatch? boolean Whether it is signed in as a dispatcher; absent when the CAD did not say
---@field coordinates? SonoranCad.Coordinates Where it is on the map
---@field data SonoranCad.UnitDetailsChange What has changed of who it is

---A place on the map; `w` is the heading.
---@class SonoranCad.Coordinates
---@field x number East
---@field y number North
---@field z? number Height
---@field w? number Heading, in degrees

---@class SonoranCad.UnitDetailsChange
---@field apiIds string[] Identities of the person, bare or prefixed; always a list
---@field communityUserId? string Identity of the person, the newer field
---@field communityUserIds? string[] As communityUserId, when there are several
---@field unitNum? string Call sign
---@field name? string Name of the person
---@field district? string District
---@field department? string Department
---@field subdivision? string Subdivision
---@field rank? string Rank
---@field group? string Group the unit belongs to, empty for none
---@field page? number 0 police, 1 fire, 2 EMS, 3 dispatch, -1 unknown

---@class SonoranCad.UnitStatusData
---@field identIds number[] Units that have the new status
---@field status number The status of all of them; where `units` is given, that of the first
---@field units? SonoranCad.UnitChange[] Given when the CAD sent whole units: each has its own status

---@class SonoranCad.UnitLoginData
---@field unit SonoranCad.Unit All of the unit
---@field isDispatch boolean Whether it signed in as a dispatcher; `unit.isDispatch` says the same
---@field selfDispatch boolean Whether the unit dispatches itself

---A unit: an officer, medic or dispatcher signed in to the CAD.
---@class SonoranCad.Unit
---@field id number The identifier that other events call ident or identId
---@field accId string Account UUID
---@field status number 0 unavailable, 1 busy, 2 available, 3 enroute, 4 on scene; communities may add more
---@field isPanic boolean Whether its panic button is pressed
---@field location string Where it is, in words
---@field aop string Area of play
---@field isDispatch? boolean Whether it is signed in as a dispatcher; absent when the CAD did not say
---@field coordinates? SonoranCad.Coordinates Where it is on the map
---@field data SonoranCad.UnitDetails Who it is

---@class SonoranCad.UnitDetails
---@field apiIds string[] Identities of the person, bare or prefixed; always a list
---@field communityUserId? string Identity of the person, the newer field
---@field communityUserIds? string[] As communityUserId, when there are several
---@field unitNum string Call sign
---@field name string Name of the person
---@field district string District
---@field department string Department
---@field subdivision string Subdivision
---@field rank string Rank
---@field group string Group the unit belongs to, empty for none
---@field page number 0 police, 1 fire, 2 EMS, 3 dispatch, -1 unknown

---@class SonoranCad.UnitLogoutData
---@field identId number The unit

---@class SonoranCad.UnitPanicData
---@field identIds number[] Units whose panic button it is
---@field isPanic boolean true when pressed, false when reset

---@class SonoranCad.UnitGroupAddData
---@field identIds number[] Units that have joined
---@field groupName string Name of the group

---@class SonoranCad.UnitGroupRemoveData
---@field identIds number[] Units that have left
---@field identId number The first of `identIds`, under the name that the CAD documents
---@field groupName string Name of the group they were in

---@class SonoranCad.UnitGroupChangeNameData
---@field identIds number[] Units of the group
---@field oldName string Name until now
---@field newName string New name

---@class SonoranCad.DispatchData
---@field eventOriginIdent? number The unit that did it
---@field dispatch SonoranCad.DispatchCall All of the call

---A call that units are attached to.
---@class SonoranCad.DispatchCall
---@field callId number Number of the call
---@field origin number 0 caller, 1 radio dispatch, 2 observed, 3 walk-up
---@field status number 0 pending, 1 active, 2 closed; when it is missing: 1 with units attached, else 0
---@field priority number 1 to 3
---@field block string Block of the address
---@field address string Address
---@field postal string Postal code
---@field title string What the call is about, in some words
---@field code string Ten-code
---@field description string What happened
---@field notes SonoranCad.CallNote[] Notes on the call, newest first
---@field idents number[] Units attached to the call
---@field primary? number The unit in charge
---@field trackPrimary boolean Whether the call moves with the unit in charge
---@field metaData? SonoranCad.CallMetaData Absent where none was sent
---@field updated? string ISO 8601
---@field template? any Of custom dispatch templates
---@field values? any Of custom dispatch templates
---@field statusId? any Of custom dispatch templates

---A note on a dispatch call.
---@class SonoranCad.CallNote
---@field time string When it was written, as the CAD shows it
---@field label string Who wrote it
---@field type string Kind of note
---@field content string What the note says

---What the caller attached to the call. Values are text, booleans as "true" or "False"; a script that places calls can add names of its own.
---@class SonoranCad.CallMetaData
---@field createdFromId? string The 911 call that the dispatch call was made from
---@field origin911? string Whether it came from a 911 call, as text
---@field callerPlayerId? string Server id of the player who called
---@field x? string Where it is, east, as text
---@field y? string Where it is, north, as text
---@field z? string Height, as text
---@field postal? string Postal code of the place
---@field silentAlert? string Whether the caller is told nothing, as text
---@field silenceAlert? string As silentAlert, in another spelling
---@field useCallLocation? string Whether the place of the caller is used, as text
---@field trackPrimary? string Whether the call follows its first unit, as text

---@class SonoranCad.DispatchClosedData
---@field eventOriginIdent? number The unit that did it
---@field callIds number[] Dispatch calls that are over

---@class SonoranCad.DispatchNoteData
---@field callId number The dispatch call
---@field note { time: string, label: string, type: string, content: string } The note that was added

---@class SonoranCad.DispatchAssignmentData
---@field eventOriginIdent? number The unit that did it
---@field callId number The dispatch call
---@field idents number[] Units that are concerned

---@class SonoranCad.DispatchToggleBodycamData
---@field ident number The unit
---@field state boolean Whether its camera is on now

---@class SonoranCad.EmergencyData
---@field call SonoranCad.EmergencyCall The 911 call
---@field identities string[] Who called: every identity that the CAD gave, without doubles
---@field metaData? SonoranCad.CallMetaData As that of the call, where the CAD sends it beside the call

---A 911 call, waiting for a dispatcher.
---@class SonoranCad.EmergencyCall
---@field callId number Number of the call
---@field isEmergency boolean false for a non-emergency (311) call
---@field caller string Name of the caller
---@field location string Where the caller is, in words
---@field description string What the caller says
---@field metaData? SonoranCad.CallMetaData Absent where none was sent
---@field updated? string ISO 8601

---@class SonoranCad.EmergencyRemovedData
---@field callIds number[] 911 calls that are over

---@class SonoranCad.StreetsignUpdatedData
---@field signData SonoranCad.SignData The signs, and what stands on them now

---The signs, and what stands on them now
---@class SonoranCad.SignData
---@field ids number[] Numbers of the signs
---@field text1 string First line
---@field text2 string Second line
---@field text3 string Third line

---@class SonoranCad.RecordData
---@field record SonoranCad.CustomRecord All of the record

---A record: a form that was filled in.
---@class SonoranCad.CustomRecord
---@field id number|string Number or name of the record
---@field name string Name of the form
---@field type number Kind of record
---@field sections SonoranCad.RecordSection[] Sections of the record

---@class SonoranCad.RecordSection
---@field category number Kind of section
---@field label string Heading of the section
---@field fields SonoranCad.RecordField[] Fields of the section

---@class SonoranCad.RecordField
---@field type string Kind of field in the form
---@field label string Name of the field in the form
---@field uid string Names the field within its form
---@field value string What was filled in, always as text
---@field data? any What some kinds of fields keep besides their value

---@class SonoranCad.ToneData
---@field url string The sound
---@field playTonesTo SonoranCad.ToneReceiver[] Who is to hear it; may be empty

---@class SonoranCad.ToneReceiver
---@field type number 0 all, 1 dispatch call, 2 agency, 3 department, 4 subdivision, 5 identifier, 6 unit group
---@field value number|string Id or name of that call, agency, department, …
---@field label string Name of the receiver, as the dispatcher sees it

---@class SonoranCad.CharSelectedData
---@field accId string Account UUID
---@field id number|string The record's number, or the key of the character in the community's own database, always as received

---@class SonoranCad.CommunityLinkVerifiedData
---@field communityUserId string Identity of the player, bare or prefixed
---@field accountUuid string Account in the CAD

---@class SonoranCad.GetLogsData
---@field logKey string Names the request, for the answer

---@class SonoranCad.NewCalloutData
---@field callout SonoranCad.Callout The callout

---A scene to be built in the game.
---@class SonoranCad.Callout
---@field calloutLocations ({ x: number, y: number, z: number })[] Where it happens
---@field pedWeaponData string[] Weapons of the people in it
---@field pedActionOnNoActionFound string "none", "flee", "attack" or "surrender"
---@field pedChanceToFleeFromPlayer number 0 to 100
---@field pedChanceToObtainWeapons number 0 to 100
---@field pedChanceToAttackPlayer number 0 to 100
---@field pedChanceToSurrender number 0 to 100

---@class SonoranCad.PrintRecordData
---@field identId number Unit that wants it printed
---@field url string Where the PDF lies

---@class SonoranCad.PagerRebornData
---@field addresses string[] Pager addresses
---@field identIds number[] Units that are paged
---@field nature string "Emergency", "NonEmergency" or "Administrative"
---@field body string What the page says

---@class SonoranCad.StationAlertData
---@field locations SonoranCad.StationAlertLocation[] Stations that are alerted, and their doors
---@field message string Text to be spoken, or sound as base64
---@field colors string[] Colours of the lights
---@field tone string Name or address of the tone

---@class SonoranCad.StationAlertLocation
---@field name string Name of the station
---@field open string[] Doors to open
---@field close string[] Doors to close

---@class SonoranCad.ReceivedPushEvent
---@field id string Unique for each event: one that the CAD sends again gets a new one, one from a forwarder has the id that it has there.
---@field receivedAt number Milliseconds since 1970.
---@field source 'http'|'websocket'|'simulated' How it came in; `simulated` ones were made by `sonorancad test`.

---An event of a known type whose data could not be understood: as received, with the reasons.
---@class SonoranCad.UnreadablePushEvent : SonoranCad.ReceivedPushEvent
---@field type SonoranCad.PushEventType
---@field data any
---@field valid false
---@field issues string[]

---An event of a type that this version does not know: data as received.
---@class SonoranCad.OtherPushEvent : SonoranCad.ReceivedPushEvent
---@field type string
---@field data any
---@field valid true

---What is known of a player: an account in the CAD (`linked`), a unit (`online`), both (`success`).
---@class SonoranCad.PlayerInCad
---@field success boolean
---@field linked boolean
---@field online boolean
---@field communityUserId? string
---@field unit? SonoranCad.Unit

---Which warrants and BOLOs `getAllWarrantsAndBolos` looks for.
---@class SonoranCad.WantedOptions
---@field statuses? number|string|(number|string)[] As numbers of the CAD, or `open`, `closed`, `pending`, `approved` and `rejected`; open and closed unless given.
---@field types? number[] 2 (warrants) and 3 (BOLOs) unless given.
---@field limit? number How many a page, 100 unless given.
---@field offset? number
---@field page? number From 1, in place of `offset`.
---@field maxPages? number 30 at most.

---What `cadGetPlateInformation` tells: of records their fields by name, of what is not closed its flags.
---@alias SonoranCad.PlateCallback fun(registrations: table[], vehicles: table[], owners: table[], boloFlags: any[], warrantFlags: any[])

---How `cadGetPlateInformation` looks.
---@class SonoranCad.PlateOptions
---@field autoLookup? string The identity of a player to whom the CAD shows it.
---@field cacheTtlMs? number How long what was found counts, 60,000 unless given, 600,000 at most.
---@field bypassCache? boolean Neither takes nor keeps what was found before.
---@field forceRefresh? boolean Takes nothing that was found before.

---Where a plate reader has seen a plate.
---@class SonoranCad.SeenPlate
---@field cam string
---@field plate string
---@field index string

---A place on the map, as scripts give it: a table, or a list of 2 to 4 numbers.
---@alias SonoranCad.Place { x: number, y: number, z?: number, w?: number }|number[]

---What `performApiRequest` gives, and its callback gets as the third argument.
---@alias SonoranCad.Performed { success: true, data: any, callId?: number, recordId?: number }|{ success: false, reason: string }

---What a method of the vendor's client gives: the CAD's answer, or its error (a sentence where the CAD was not asked).
---@alias SonoranCad.CadClientAnswer { success: true, data: any }|{ success: false, reason: any, traceId?: string }

---The vendor's client for version 2 of the CAD's API. What methods take and give is in the CAD's documentation.
---@class SonoranCad.CadClient : SonoranCad.CadClientRefusals
---@field addCharacterLinkV2 fun(...: any): SonoranCad.CadClientAnswer Links a character with an account.
---@field addDispatchNoteV2 fun(...: any): SonoranCad.CadClientAnswer Adds a note to a dispatch call.
---@field addIdentifiersToGroupV2 fun(...: any): SonoranCad.CadClientAnswer Puts units into a group.
---@field applyPermissionKeyV2 fun(...: any): SonoranCad.CadClientAnswer Applies a permission key to an account.
---@field attachUnitsToDispatchCallV2 fun(...: any): SonoranCad.CadClientAnswer Attaches units to a call.
---@field authorizeStreetSignsV2 fun(...: any): SonoranCad.CadClientAnswer Lets this server change street signs.
---@field banUserV2 fun(...: any): SonoranCad.CadClientAnswer Bans an account.
---@field checkCommunityLinkV2 fun(...: any): SonoranCad.CadClientAnswer Whether a player has linked their account.
---@field closeDispatchCallsV2 fun(...: any): SonoranCad.CadClientAnswer Closes dispatch calls.
---@field createBlipV2 fun(...: any): SonoranCad.CadClientAnswer Adds a blip.
---@field createCommunityLinkV2 fun(...: any): SonoranCad.CadClientAnswer A code with which a player links their account.
---@field createCustomDispatchCallV2 fun(...: any): SonoranCad.CadClientAnswer Creates a dispatch call from a template.
---@field createDispatchCallV2 fun(...: any): SonoranCad.CadClientAnswer Creates a dispatch call.
---@field createEmergencyCallV2 fun(...: any): SonoranCad.CadClientAnswer Places a 911 call.
---@field createIdentifierV2 fun(...: any): SonoranCad.CadClientAnswer Creates an identifier.
---@field createRecordV2 fun(...: any): SonoranCad.CadClientAnswer Creates a record.
---@field deleteBlipsV2 fun(...: any): SonoranCad.CadClientAnswer Removes blips.
---@field deleteEmergencyCallV2 fun(...: any): SonoranCad.CadClientAnswer Removes a 911 call.
---@field deleteIdentifierV2 fun(...: any): SonoranCad.CadClientAnswer Removes an identifier.
---@field detachUnitsFromDispatchCallV2 fun(...: any): SonoranCad.CadClientAnswer Detaches units from their calls.
---@field getAccountUnitsV2 fun(...: any): SonoranCad.CadClientAnswer The units of an account.
---@field getAccountV2 fun(...: any): SonoranCad.CadClientAnswer One account.
---@field getAccountsV2 fun(...: any): SonoranCad.CadClientAnswer All accounts, page by page.
---@field getBlipsV2 fun(...: any): SonoranCad.CadClientAnswer The blips on the live map.
---@field getCallsV2 fun(...: any): SonoranCad.CadClientAnswer The dispatch calls and 911 calls.
---@field getCharacterLinksV2 fun(...: any): SonoranCad.CadClientAnswer The characters that are linked with an account.
---@field getCharactersV2 fun(...: any): SonoranCad.CadClientAnswer The characters of an account.
---@field getCurrentCallV2 fun(...: any): SonoranCad.CadClientAnswer The call that an account is on.
---@field getDispatchTemplatesV2 fun(...: any): SonoranCad.CadClientAnswer The templates of dispatch calls.
---@field getIdentifiersV2 fun(...: any): SonoranCad.CadClientAnswer The identifiers of an account.
---@field getInfoV2 fun(...: any): SonoranCad.CadClientAnswer The community's name and time zone.
---@field getLoginPageV2 fun(...: any): SonoranCad.CadClientAnswer The login page of a community.
---@field getPagerConfigV2 fun(...: any): SonoranCad.CadClientAnswer The settings of pagers.
---@field getPenalCodesV2 fun(...: any): SonoranCad.CadClientAnswer The penal codes.
---@field getServersV2 fun(...: any): SonoranCad.CadClientAnswer The list of servers.
---@field getTemplatesV2 fun(...: any): SonoranCad.CadClientAnswer The templates of records.
---@field getTurnCredentialsV2 fun(...: any): SonoranCad.CadClientAnswer Credentials for the voice relay.
---@field getUnitsV2 fun(...: any): SonoranCad.CadClientAnswer The units that are signed in.
---@field getVersionV2 fun(...: any): SonoranCad.CadClientAnswer The community's plan.
---@field heartbeatV2 fun(...: any): SonoranCad.CadClientAnswer Reports that this server is running, and its number of players.
---@field kickUnitV2 fun(...: any): SonoranCad.CadClientAnswer Signs a unit off.
---@field lookupByValueV2 fun(...: any): SonoranCad.CadClientAnswer Looks for records by the value of a field.
---@field lookupCustomV2 fun(...: any): SonoranCad.CadClientAnswer Looks in the community's own database.
---@field lookupV2 fun(...: any): SonoranCad.CadClientAnswer Looks for records by name or plate.
---@field removeCharacterLinkV2 fun(...: any): SonoranCad.CadClientAnswer Unlinks a character from an account.
---@field removeCharacterV2 fun(...: any): SonoranCad.CadClientAnswer Removes a character.
---@field removeRecordV2 fun(...: any): SonoranCad.CadClientAnswer Removes a record.
---@field selectIdentifierV2 fun(...: any): SonoranCad.CadClientAnswer Selects an identifier.
---@field sendPhotoV2 fun(...: any): SonoranCad.CadClientAnswer Sends a photo to a unit.
---@field sendRecordDraftV2 fun(...: any): SonoranCad.CadClientAnswer Opens a draft of a record for a unit.
---@field setAccountPermissionsV2 fun(...: any): SonoranCad.CadClientAnswer Changes what an account may do.
---@field setAvailableCalloutsV2 fun(...: any): SonoranCad.CadClientAnswer Replaces the callouts that dispatchers can choose.
---@field setCommunityLinkV2 fun(...: any): SonoranCad.CadClientAnswer Links a player with an account.
---@field setDispatchPostalV2 fun(...: any): SonoranCad.CadClientAnswer Sets the postal code of a call.
---@field setDispatchPrimaryV2 fun(...: any): SonoranCad.CadClientAnswer Sets the primary unit of a call.
---@field setPagerConfigV2 fun(...: any): SonoranCad.CadClientAnswer Changes the settings of pagers.
---@field setPenalCodesV2 fun(...: any): SonoranCad.CadClientAnswer Replaces all penal codes.
---@field setPostalsV2 fun(...: any): SonoranCad.CadClientAnswer Replaces all postal codes.
---@field setSelectedCharacterV2 fun(...: any): SonoranCad.CadClientAnswer Selects a character.
---@field setServersV2 fun(...: any): SonoranCad.CadClientAnswer Replaces the list of servers.
---@field setStationsV2 fun(...: any): SonoranCad.CadClientAnswer Replaces the stations.
---@field setStreetSignConfigV2 fun(...: any): SonoranCad.CadClientAnswer Replaces the street signs.
---@field setUnitPanicV2 fun(...: any): SonoranCad.CadClientAnswer Presses or resets the panic button of units.
---@field setUnitStatusV2 fun(...: any): SonoranCad.CadClientAnswer Sets the status of units.
---@field updateBlipV2 fun(...: any): SonoranCad.CadClientAnswer Changes a blip.
---@field updateDispatchCallV2 fun(...: any): SonoranCad.CadClientAnswer Changes a dispatch call.
---@field updateIdentifierV2 fun(...: any): SonoranCad.CadClientAnswer Changes an identifier.
---@field updateRecordV2 fun(...: any): SonoranCad.CadClientAnswer Changes a record.
---@field updateStreetSignsV2 fun(...: any): SonoranCad.CadClientAnswer Changes the text on street signs.
---@field updateUnitLocationsV2 fun(...: any): SonoranCad.CadClientAnswer Sets the locations of units.
---@field verifySecretV2 fun(...: any): SonoranCad.CadClientAnswer The account that a secret belongs to.

---Methods of the vendor's client that throw here: `not documented`, or why they cannot be had.
---@class SonoranCad.CadClientRefusals
---@field checkApiIdV2 fun(...: any) Throws `not documented`.
---@field setApiIdsV2 fun(...: any) Throws `not documented`.
---@field setLogLevel fun(...: any) Throws `not documented`.
---@field setRoomId fun(...: any) Throws `not documented`.
---@field uploadBodycamRecordingV2 fun(...: any) Throws: the bytes of a recording do not cross from one resource to another.

---Where a unit is: it is named by one of `identId`, `apiId`, `communityUserId` and `roblox`.
---@class SonoranCad.UnitLocation
---@field identId? number
---@field apiId? string
---@field communityUserId? string
---@field roblox? number|string
---@field location string 1 to 500 characters.
---@field coordinates? SonoranCad.Place With a height: `z`, or the third number.

---What has become of a target's events since the start: `accepted + recovered` is what all others and the queue add up to.
---@class SonoranCad.LaneCounts
---@field accepted number Taken in since the start, replays included.
---@field recovered number Found in the store at the start.
---@field delivered number
---@field unconfirmed number Of the delivered ones, those that a listener took that never answers.
---@field unwanted number The listener does not want events of that type.
---@field deadLettered number Became dead letters, whatever has become of those.
---@field lost number Given up on to make room.
---@field lostDeadLetters number Dead letters that were given up on to make room.
---@field dropped number Dropped by the operator.
---@field leftAlone number Always 0: an outbox in another format is left alone as a whole, and its events are not counted.

---How one target is doing: plain values, which may cross to other resources.
---@class SonoranCad.LaneStatus
---@field target string
---@field url string Without credentials, query and webhook token.
---@field state 'starting'|'open'|'waiting'|'parked'
---@field reason string|nil Why the last attempt failed; null while it answers as it should.
---@field advice string|nil What the operator can do about it.
---@field queued number Events that are not done with, those that were set aside among them.
---@field setAside number
---@field deadLetters number
---@field bytes number Of both, as stored.
---@field oldestMs number|nil Age of the first event in the queue, also while it is under way; null when the queue is empty.
---@field nextAttemptInMs number|nil
---@field failuresInARow number
---@field silent boolean Whether it takes events and never answers.
---@field reached boolean Whether it has answered an event since the start, or since its settings were changed.
---@field refusals { count: number, reason: string }|nil Events that it refused for good since it last took one, and how it answered the last of them; null when there are none.
---@field counts SonoranCad.LaneCounts

---How the store is doing, for the operator.
---@class SonoranCad.StoreStatus
---@field broken boolean Whether it keeps what it is given; while it does not, forwarding goes on from memory.
---@field unusedBecause string|nil Why it is not used at all, null when it is.
---@field lastFlushMs number|nil How long the last flush held the game up; null before the first.
---@field longestFlushMs number|nil
---@field flushEveryMs number Milliseconds between two flushes: 2,000 unless they take long.
---@field eventsInMemory number Events and dead letters that only memory is known to hold.

---How forwarding is doing: plain values, which may cross to other resources.
---@class SonoranCad.ForwardingStatus
---@field recovering boolean Whether what an earlier run left is still being searched for; nothing is sent meanwhile.
---@field store SonoranCad.StoreStatus
---@field targets SonoranCad.LaneStatus[]
---@field leaving ({ target: string, queued: number })[] Removed targets whose events are becoming dead letters.
---@field removed ({ target: string, deadLetters: number })[] Targets that are not configured and have dead letters.
---@field stoppedLoops number Events that became dead letters because other forwarders sent them too often: a circle.

---Something about one or more units has changed.
---@class SonoranCad.EVENT_UNIT_UPDATE : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_UNIT_UPDATE'
---@field data SonoranCad.UnitUpdateData
---@field valid true

---One or more units have a new status.
---@class SonoranCad.EVENT_UNIT_STATUS : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_UNIT_STATUS'
---@field data SonoranCad.UnitStatusData
---@field valid true

---A unit has signed in to the CAD.
---@class SonoranCad.EVENT_UNIT_LOGIN : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_UNIT_LOGIN'
---@field data SonoranCad.UnitLoginData
---@field valid true

---A unit has signed out of the CAD.
---@class SonoranCad.EVENT_UNIT_LOGOUT : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_UNIT_LOGOUT'
---@field data SonoranCad.UnitLogoutData
---@field valid true

---One or more units have pressed or reset their panic button.
---@class SonoranCad.EVENT_UNIT_PANIC : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_UNIT_PANIC'
---@field data SonoranCad.UnitPanicData
---@field valid true

---One or more units have joined a group.
---@class SonoranCad.EVENT_UNIT_GROUP_ADD : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_UNIT_GROUP_ADD'
---@field data SonoranCad.UnitGroupAddData
---@field valid true

---A unit has left its group.
---@class SonoranCad.EVENT_UNIT_GROUP_REMOVE : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_UNIT_GROUP_REMOVE'
---@field data SonoranCad.UnitGroupRemoveData
---@field valid true

---A group of units has a new name.
---@class SonoranCad.EVENT_UNIT_GROUP_CHANGE_NAME : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_UNIT_GROUP_CHANGE_NAME'
---@field data SonoranCad.UnitGroupChangeNameData
---@field valid true

---A dispatch call has been created.
---@class SonoranCad.EVENT_DISPATCH_NEW : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_DISPATCH_NEW'
---@field data SonoranCad.DispatchData
---@field valid true

---A dispatch call has been changed; the event carries all of it.
---@class SonoranCad.EVENT_DISPATCH_EDIT : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_DISPATCH_EDIT'
---@field data SonoranCad.DispatchData
---@field valid true

---One or more dispatch calls have been closed.
---@class SonoranCad.EVENT_DISPATCH_CLOSED : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_DISPATCH_CLOSED'
---@field data SonoranCad.DispatchClosedData
---@field valid true

---A note has been added to a dispatch call.
---@class SonoranCad.EVENT_DISPATCH_NOTE : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_DISPATCH_NOTE'
---@field data SonoranCad.DispatchNoteData
---@field valid true

---One or more units have been attached to a dispatch call.
---@class SonoranCad.EVENT_DISPATCH_UNIT_ATTACH : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_DISPATCH_UNIT_ATTACH'
---@field data SonoranCad.DispatchAssignmentData
---@field valid true

---One or more units have been detached from a dispatch call.
---@class SonoranCad.EVENT_DISPATCH_UNIT_DETACH : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_DISPATCH_UNIT_DETACH'
---@field data SonoranCad.DispatchAssignmentData
---@field valid true

---A dispatcher has switched a unit's body camera on or off.
---@class SonoranCad.EVENT_DISPATCH_TOGGLE_BODYCAM : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_DISPATCH_TOGGLE_BODYCAM'
---@field data SonoranCad.DispatchToggleBodycamData
---@field valid true

---A person has called 911 (or 311).
---@class SonoranCad.EVENT_911 : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_911'
---@field data SonoranCad.EmergencyData
---@field valid true

---One or more 911 calls have been answered or dismissed.
---@class SonoranCad.EVENT_REMOVE_911 : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_REMOVE_911'
---@field data SonoranCad.EmergencyRemovedData
---@field valid true

---The text on street signs has been changed (for the Smart Signs resource).
---@class SonoranCad.EVENT_STREETSIGN_UPDATED : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_STREETSIGN_UPDATED'
---@field data SonoranCad.StreetsignUpdatedData
---@field valid true

---A record has been created.
---@class SonoranCad.EVENT_RECORD_ADD : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_RECORD_ADD'
---@field data SonoranCad.RecordData
---@field valid true

---A record has been changed.
---@class SonoranCad.EVENT_RECORD_EDIT : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_RECORD_EDIT'
---@field data SonoranCad.RecordData
---@field valid true

---A record has been removed.
---@class SonoranCad.EVENT_RECORD_REMOVE : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_RECORD_REMOVE'
---@field data SonoranCad.RecordData
---@field valid true

---A dispatcher has played a tone.
---@class SonoranCad.EVENT_TONE : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_TONE'
---@field data SonoranCad.ToneData
---@field valid true

---A person has selected a character in the CAD.
---@class SonoranCad.EVENT_CHAR_SELECTED : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_CHAR_SELECTED'
---@field data SonoranCad.CharSelectedData
---@field valid true

---A person has linked their game account with the CAD.
---@class SonoranCad.EVENT_COMMUNITY_LINK_VERIFIED : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_COMMUNITY_LINK_VERIFIED'
---@field data SonoranCad.CommunityLinkVerifiedData
---@field valid true

---The CAD's support asks for logs.
---@class SonoranCad.GET_LOGS : SonoranCad.ReceivedPushEvent
---@field type 'GET_LOGS'
---@field data SonoranCad.GetLogsData
---@field valid true

---A callout is to be created (for resources that build scenes, such as Emergency Response Simulator).
---@class SonoranCad.EVENT_NEW_CALLOUT : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_NEW_CALLOUT'
---@field data SonoranCad.NewCalloutData
---@field valid true

---A unit has asked for a record to be printed in the game.
---@class SonoranCad.EVENT_PRINT_RECORD : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_PRINT_RECORD'
---@field data SonoranCad.PrintRecordData
---@field valid true

---A page has been sent to pagers (for the Inferno Pager Reborn resource).
---@class SonoranCad.EVENT_PAGER_REBORN : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_PAGER_REBORN'
---@field data SonoranCad.PagerRebornData
---@field valid true

---Stations have been alerted (for the Inferno Station Alert resource).
---@class SonoranCad.EVENT_STATION_ALERT : SonoranCad.ReceivedPushEvent
---@field type 'EVENT_STATION_ALERT'
---@field data SonoranCad.StationAlertData
---@field valid true

---The type of a push event that this version knows.
---@alias SonoranCad.PushEventType
---| 'EVENT_UNIT_UPDATE'
---| 'EVENT_UNIT_STATUS'
---| 'EVENT_UNIT_LOGIN'
---| 'EVENT_UNIT_LOGOUT'
---| 'EVENT_UNIT_PANIC'
---| 'EVENT_UNIT_GROUP_ADD'
---| 'EVENT_UNIT_GROUP_REMOVE'
---| 'EVENT_UNIT_GROUP_CHANGE_NAME'
---| 'EVENT_DISPATCH_NEW'
---| 'EVENT_DISPATCH_EDIT'
---| 'EVENT_DISPATCH_CLOSED'
---| 'EVENT_DISPATCH_NOTE'
---| 'EVENT_DISPATCH_UNIT_ATTACH'
---| 'EVENT_DISPATCH_UNIT_DETACH'
---| 'EVENT_DISPATCH_TOGGLE_BODYCAM'
---| 'EVENT_911'
---| 'EVENT_REMOVE_911'
---| 'EVENT_STREETSIGN_UPDATED'
---| 'EVENT_RECORD_ADD'
---| 'EVENT_RECORD_EDIT'
---| 'EVENT_RECORD_REMOVE'
---| 'EVENT_TONE'
---| 'EVENT_CHAR_SELECTED'
---| 'EVENT_COMMUNITY_LINK_VERIFIED'
---| 'GET_LOGS'
---| 'EVENT_NEW_CALLOUT'
---| 'EVENT_PRINT_RECORD'
---| 'EVENT_PAGER_REBORN'
---| 'EVENT_STATION_ALERT'

---What a subscriber to `*` gets. Ask for `valid` first, then for `type`: together they say what `data` is.
---@alias SonoranCad.PushEvent
---| SonoranCad.EVENT_UNIT_UPDATE
---| SonoranCad.EVENT_UNIT_STATUS
---| SonoranCad.EVENT_UNIT_LOGIN
---| SonoranCad.EVENT_UNIT_LOGOUT
---| SonoranCad.EVENT_UNIT_PANIC
---| SonoranCad.EVENT_UNIT_GROUP_ADD
---| SonoranCad.EVENT_UNIT_GROUP_REMOVE
---| SonoranCad.EVENT_UNIT_GROUP_CHANGE_NAME
---| SonoranCad.EVENT_DISPATCH_NEW
---| SonoranCad.EVENT_DISPATCH_EDIT
---| SonoranCad.EVENT_DISPATCH_CLOSED
---| SonoranCad.EVENT_DISPATCH_NOTE
---| SonoranCad.EVENT_DISPATCH_UNIT_ATTACH
---| SonoranCad.EVENT_DISPATCH_UNIT_DETACH
---| SonoranCad.EVENT_DISPATCH_TOGGLE_BODYCAM
---| SonoranCad.EVENT_911
---| SonoranCad.EVENT_REMOVE_911
---| SonoranCad.EVENT_STREETSIGN_UPDATED
---| SonoranCad.EVENT_RECORD_ADD
---| SonoranCad.EVENT_RECORD_EDIT
---| SonoranCad.EVENT_RECORD_REMOVE
---| SonoranCad.EVENT_TONE
---| SonoranCad.EVENT_CHAR_SELECTED
---| SonoranCad.EVENT_COMMUNITY_LINK_VERIFIED
---| SonoranCad.GET_LOGS
---| SonoranCad.EVENT_NEW_CALLOUT
---| SonoranCad.EVENT_PRINT_RECORD
---| SonoranCad.EVENT_PAGER_REBORN
---| SonoranCad.EVENT_STATION_ALERT
---| SonoranCad.UnreadablePushEvent
---| SonoranCad.OtherPushEvent

---@class SonoranCad.Exports
local Exports = {}

---Subscribes to one type of event or several. Dropped by itself when the calling resource stops.
---Subscribes to all events, those that could not be understood among them.
---Subscribes to types that this version does not know.
---@param type SonoranCad.PushEventType|'*'|string|string[]
---@param callback fun(event: SonoranCad.PushEvent)
---@return number # a handle for `offPushEvent`
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_UNIT_UPDATE', callback: fun(event: SonoranCad.EVENT_UNIT_UPDATE)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_UNIT_STATUS', callback: fun(event: SonoranCad.EVENT_UNIT_STATUS)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_UNIT_LOGIN', callback: fun(event: SonoranCad.EVENT_UNIT_LOGIN)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_UNIT_LOGOUT', callback: fun(event: SonoranCad.EVENT_UNIT_LOGOUT)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_UNIT_PANIC', callback: fun(event: SonoranCad.EVENT_UNIT_PANIC)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_UNIT_GROUP_ADD', callback: fun(event: SonoranCad.EVENT_UNIT_GROUP_ADD)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_UNIT_GROUP_REMOVE', callback: fun(event: SonoranCad.EVENT_UNIT_GROUP_REMOVE)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_UNIT_GROUP_CHANGE_NAME', callback: fun(event: SonoranCad.EVENT_UNIT_GROUP_CHANGE_NAME)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_DISPATCH_NEW', callback: fun(event: SonoranCad.EVENT_DISPATCH_NEW)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_DISPATCH_EDIT', callback: fun(event: SonoranCad.EVENT_DISPATCH_EDIT)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_DISPATCH_CLOSED', callback: fun(event: SonoranCad.EVENT_DISPATCH_CLOSED)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_DISPATCH_NOTE', callback: fun(event: SonoranCad.EVENT_DISPATCH_NOTE)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_DISPATCH_UNIT_ATTACH', callback: fun(event: SonoranCad.EVENT_DISPATCH_UNIT_ATTACH)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_DISPATCH_UNIT_DETACH', callback: fun(event: SonoranCad.EVENT_DISPATCH_UNIT_DETACH)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_DISPATCH_TOGGLE_BODYCAM', callback: fun(event: SonoranCad.EVENT_DISPATCH_TOGGLE_BODYCAM)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_911', callback: fun(event: SonoranCad.EVENT_911)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_REMOVE_911', callback: fun(event: SonoranCad.EVENT_REMOVE_911)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_STREETSIGN_UPDATED', callback: fun(event: SonoranCad.EVENT_STREETSIGN_UPDATED)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_RECORD_ADD', callback: fun(event: SonoranCad.EVENT_RECORD_ADD)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_RECORD_EDIT', callback: fun(event: SonoranCad.EVENT_RECORD_EDIT)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_RECORD_REMOVE', callback: fun(event: SonoranCad.EVENT_RECORD_REMOVE)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_TONE', callback: fun(event: SonoranCad.EVENT_TONE)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_CHAR_SELECTED', callback: fun(event: SonoranCad.EVENT_CHAR_SELECTED)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_COMMUNITY_LINK_VERIFIED', callback: fun(event: SonoranCad.EVENT_COMMUNITY_LINK_VERIFIED)): number
---@overload fun(self: SonoranCad.Exports, type: 'GET_LOGS', callback: fun(event: SonoranCad.GET_LOGS)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_NEW_CALLOUT', callback: fun(event: SonoranCad.EVENT_NEW_CALLOUT)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_PRINT_RECORD', callback: fun(event: SonoranCad.EVENT_PRINT_RECORD)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_PAGER_REBORN', callback: fun(event: SonoranCad.EVENT_PAGER_REBORN)): number
---@overload fun(self: SonoranCad.Exports, type: 'EVENT_STATION_ALERT', callback: fun(event: SonoranCad.EVENT_STATION_ALERT)): number
function Exports:onPushEvent(type, callback) end

---Ends a subscription; gives whether the handle was one of the calling resource's.
---@param handle number
---@return boolean
function Exports:offPushEvent(handle) end

---Answers `POST /pluginevent` for one type, in any case: what the handler returns, or its promise gives within 4 s, is sent as
---JSON. Dropped by itself when the calling resource stops. Throws when another resource handles the type.
---@param type string
---@param handler fun(body: { type: string, data?: any }) gets the body as received, without its key
function Exports:registerHttpEvent(type, handler) end

---How forwarding is doing: the queue and state of each target, and the store that keeps them.
---@return SonoranCad.ForwardingStatus
function Exports:getForwardingStatus() end

---Sends dead letters again. Throws when an argument is no text.
---@param id string the `webhook-id` of an event, or `all`
---@param target? string where they go; without it each goes where it was to go
---@return number # how many are on their way
function Exports:replayForwarding(id, target) end

---All units that are signed in, in the order of their login. `coordinates` are those of the player's ped, with OneSync.
---@return SonoranCad.Unit[]
function Exports:getUnits() end

---One of the units that are signed in.
---@param identId number|string
---@return SonoranCad.Unit|nil
function Exports:getUnit(identId) end

---The unit that a player signed in as last.
---@param source number|string a server id
---@return SonoranCad.Unit|nil
function Exports:getUnitByPlayer(source) end

---The server ids of a unit's connected players.
---@param identId number|string
---@return number[]
function Exports:getPlayersOfUnit(identId) end

---Dispatch calls; those closed in the last 10 minutes are among them, with status 2.
---@return SonoranCad.DispatchCall[]
function Exports:getCalls() end

---One of the dispatch calls that `getCalls` gives.
---@param callId number|string
---@return SonoranCad.DispatchCall|nil
function Exports:getCall(callId) end

---911 calls that wait.
---@return SonoranCad.EmergencyCall[]
function Exports:getEmergencyCalls() end

---One of the 911 calls that wait.
---@param callId number|string
---@return SonoranCad.EmergencyCall|nil
function Exports:getEmergencyCall(callId) end

---Whether a player is on duty, as `notifications.duty` says.
---@param source number|string a server id
---@return boolean
function Exports:isOnDuty(source) end

---The server ids of all players on duty, as `notifications.duty` says.
---@return number[]
function Exports:getPlayersOnDuty() end

---As the official resource: the callback gets both lists, of which the second is that of the dispatchers.
---The units whose player is here or was since their login, others for 60 s after it.
---@param includeDispatchers boolean
---@param callback fun(units: SonoranCad.Unit[], dispatchers: ({ id: number, isInGame: boolean })[])
---@return any
---@overload fun(self: SonoranCad.Exports): SonoranCad.Unit[]
function Exports:GetUnitCache(includeDispatchers, callback) end

---The place of a unit in the list that `GetUnitCache` gives, from 1.
---@param identIdOrIdentities number|string|string[]
---@return number|nil
function Exports:GetUnitById(identIdOrIdentities) end

---The unit that a player signed in as last.
---@param player number|string a server id
---@return SonoranCad.Unit|nil
function Exports:GetUnitByPlayerId(player) end

---By call id; a list where the ids are 1, 2, 3 and so on, as everything is that comes from Lua.
---@return table
function Exports:GetCallCache() end

---By call id, as `GetCallCache`.
---@return table
function Exports:GetEmergencyCache() end

---Whether a player has an account in the CAD (`linked`) and is signed in there (`online`, and `success`). A promise for a player who
---is no unit, when the CAD has to be asked.
---@param player number|string
---@return SonoranCad.PlayerInCad
function Exports:isPlayerInCAD(player) end

---The identity by which the CAD knows a player. A promise for a player who is no unit, when the CAD has to be asked.
---@param player number|string
---@return string|nil
function Exports:getPlayerCommunityUserId(player) end

---Whether a dispatcher is signed in.
---@return boolean
function Exports:getDispatchStatus() end

---The configured `communityID`.
---@return string
function Exports:getCommunityId() end

---The configured `communityID`.
---@return string
function Exports:getCadCommunityId() end

---The configured `serverId`.
---@return number
function Exports:getServerId() end

---The configured `serverId`.
---@return number
function Exports:getCadServerId() end

---The number of the community's plan, -1 while it is not known.
---@return number
function Exports:getCadVersion() end

---Has the units compared with the CAD's own list as soon as its limits allow.
function Exports:ManuallySetUnitCache() end

---False: there are no submodules.
---@param name string
---@return boolean
function Exports:isPluginLoaded(name) end

---`enabled` is false: there are no submodules.
---@param name string
---@return { enabled: boolean, disableReason: string }
function Exports:GetPluginConfig(name) end

---Asks the CAD, by a name of the official resource or of the CAD's first API. The callback gets the answer as the official resource
---gives it (its text for names of the first API which that does not know), whether it went well, and what the export gives; or the
---reason, and false.
---@param data table an object, or a list with one
---@param type string
---@param callback? fun(result: any, ok: boolean, performed: SonoranCad.Performed)
---@return SonoranCad.Performed
function Exports:performApiRequest(data, type, callback) end

---The vendor's client for version 2 of the CAD's API. To be kept until sonorancad restarts: each call makes references of the game
---server's anew.
---@return SonoranCad.CadClient
function Exports:getCadClient() end

---@param options? { product?: 0, communityId?: string, apiKey?: string, defaultServerId?: number }
---@return { cad: SonoranCad.CadClient }
function Exports:createClient(options) end

---The client's method of that name: the characters of an account, by `communityUserId`, `accountUuid`, `roblox` or `discord`.
---@param query table
---@return SonoranCad.CadClientAnswer
function Exports:getCharactersV2(query) end

---Gives `endpoint` back: here every type of `performApiRequest` has its place.
---@param type string
---@param endpoint string
---@return string
function Exports:registerApiType(type, endpoint) end

---Does nothing: here every type of `performApiRequest` has its place.
function Exports:registerEndpoints() end

---Makes a 911 call. The callback gets a text with its number.
---@param caller string
---@param location string
---@param description string
---@param postal string
---@param plate string
---@param callback? fun(textOrReason: string, ok: boolean)
---@param coordinates? SonoranCad.Place
---@param metaData? table
---@param deleteAfterMinutes? number
function Exports:call911(caller, location, description, postal, plate, callback, coordinates, metaData, deleteAfterMinutes) end

---Removes a 911 call. The callback gets its id.
---@param callId number|string
---@param callback? fun(result: number|string, ok: boolean)
function Exports:remove911(callId, callback) end

---Makes a dispatch call. The callback gets a text with its number.
---@param data table an object, or a list with one
---@param callback? fun(textOrReason: string, ok: boolean)
function Exports:createDispatchCall(data, callback) end

---Adds a note to a dispatch call. The callback gets its id.
---@param callId number|string
---@param note string
---@param callback? fun(result: number|string, ok: boolean)
function Exports:addCallNote(callId, note, callback) end

---Changes the postal code of a dispatch call. The callback gets its id.
---@param callId number|string
---@param postal number|string
---@param callback? fun(result: number|string, ok: boolean)
function Exports:setCallPostal(callId, postal, callback) end

---Tells the callback whether an account is linked with an identifier; a player who cannot be asked about counts as not linked.
---@param identifier string
---@param type string the kind of identifier (`license`), where `identifier` does not begin with it
---@param callback fun(linked: boolean)
---@return boolean
---@overload fun(self: SonoranCad.Exports, identifier: string, callback: fun(linked: boolean)): boolean
---@overload fun(self: SonoranCad.Exports, identifier: string, type?: string): boolean
function Exports:CadIsPlayerLinked(identifier, type, callback) end

---Adds a blip, a mark on the CAD's live map. The callback gets the JSON of a list with it, as the CAD made it, with its `id`.
---@param coordinates SonoranCad.Place
---@param colour string
---@param subType string
---@param tooltip string
---@param icon string
---@param data? any
---@param callback? fun(textOrReason: string, ok: boolean)
function Exports:addBlip(coordinates, colour, subType, tooltip, icon, data, callback) end

---Adds at most 100 blips, one after the other as the CAD's limit has room for them; more are refused as a whole. The callback gets the
---JSON of the list of them, as the CAD made them. The first that fails ends it: then the callback's third argument has the ids of those
---that were added before.
---@param blips table[]
---@param callback? fun(blipsOrReason: string, ok: boolean, added: number[]|nil)
function Exports:addBlips(blips, callback) end

---Removes one blip or several. The callback gets `OK`.
---@param ids number|string|(number|string)[]
---@param callback? fun(textOrReason: string, ok: boolean)
function Exports:removeBlip(ids, callback) end

---Removes all blips of a kind. The callback gets `OK`.
---@param subType string
---@param callback? fun(textOrReason: string, ok: boolean)
function Exports:removeWithSubtype(subType, callback) end

---Changes the fields of a blip that `changes` has; a table with none of them takes the place of its `data`. The callback gets its id.
---@param id number|string
---@param changes table
---@param callback? fun(result: number|string, ok: boolean)
function Exports:modifyBlipd(id, changes, callback) end

---Changes the data of a blip, and changes it again after so many seconds, at most 24 h. The callback gets the blip's id after the
---first change. Refused while 500 blips wait to be changed back.
---@param id number|string
---@param data any
---@param seconds number|string
---@param dataAfterwards any
---@param callback? fun(result: number|string, ok: boolean)
function Exports:addTempBlipData(id, data, seconds, dataAfterwards, callback) end

---As `addTempBlipData`, for the colour of a blip.
---@param id number|string
---@param colour string
---@param seconds number|string
---@param colourAfterwards string
---@param callback? fun(result: number|string, ok: boolean)
function Exports:addTempBlipColor(id, colour, seconds, colourAfterwards, callback) end

---Asks for all blips: the callback gets the JSON of the list of them.
---@param callback fun(textOrReason: string, ok: boolean)
function Exports:getBlips(callback) end

---Looks records up by a whole plate. The callback gets the JSON of what the CAD has found.
---@param plate string
---@param callback? fun(textOrReason: string, ok: boolean)
---@param options? table|number[] what else the CAD's lookup takes, such as `partial`; or a list of types, which are 2, 3, 4 and 5 otherwise
function Exports:performLookup(plate, callback, options) end

---Looks up who and what is wanted, of each status page by page. The callback gets the records, and how they were found.
---@param options SonoranCad.WantedOptions which of them
---@param callback fun(records: any[]|nil, meta: { ok: true, pages: number, limit: number, offset: number, statuses: number[], truncated?: true }|{ ok: false, error: string })
---@overload fun(self: SonoranCad.Exports, callback: fun(records: any[]|nil, meta: { ok: true, pages: number, limit: number, offset: number, statuses: number[], truncated?: true }|{ ok: false, error: string }))
function Exports:getAllWarrantsAndBolos(options, callback) end

---Looks records up by a plate. The callback gets the list of them, an empty one when it has failed.
---@param plate string
---@param unused nil
---@param callback fun(records: any[])
---@param notify? string the identity of a player to whom the CAD shows them
function Exports:cadPlateLookup(plate, unused, callback, notify) end

---@param first string
---@param last string
---@param middleInitial string
---@param callback fun(records: any[])
---@param notify? string
function Exports:cadNameLookup(first, last, middleInitial, callback, notify) end

---Tells the callback what the CAD's records say about a plate. What was found counts for a minute.
---@param plate string
---@param callback SonoranCad.PlateCallback
---@param options? SonoranCad.PlateOptions|string
function Exports:cadGetPlateInformation(plate, callback, options) end

---@param plate string
---@param callback SonoranCad.PlateCallback
---@param options? SonoranCad.PlateOptions|string
function Exports:cadGetInformation(plate, callback, options) end

---Tells the callback the fields of each of a player's characters, null when they cannot be had.
---@param player number|string
---@param callback fun(characters: table[]|nil)
function Exports:GetCharacters(player, callback) end

---Sets the status of the unit with an identity, or of a player's, by number or name.
---@param identity string
---@param status number|string
---@param player? number|string
---@return boolean # whether the CAD took it
function Exports:cadSetUnitStatus(identity, status, player) end

---The postal code nearest to a player, from the file of nearest-postal; null where there is none.
---@param player number|string
---@return string|nil
function Exports:cadGetNearestPostal(player) end

---The plates that a plate reader of any player's game has last locked and scanned.
---@return { locked: SonoranCad.SeenPlate|nil, scanned: SonoranCad.SeenPlate|nil }
function Exports:cadGetLastPlates() end

---Sends where units are, over the session with the CAD, at most 1,000 of them.
---@param updates SonoranCad.UnitLocation|SonoranCad.UnitLocation[]
---@return boolean # whether the CAD took all of them
function Exports:sendUnitLocations(updates) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:CreateFolderIfNotExisting(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:CreateTempBodycamRecordingFile(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:DeleteDirectoryRecursively(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:GetBodycamRuntime(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:HandleHttpRequest(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:SaveBase64ToFile(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:UnzipFile(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:UnzipFolder(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:checkCADSubscriptionType(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:clearScreenshotsFolder(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:createPDFDirectory(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:createScreenshotDirectory(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:createScreenshotFilename(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:deleteDirectory(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:savePdfFromUrl(...) end

---Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
---among its arguments with a reason and false.
---@deprecated
---@param ... any
function Exports:sonoran_evidence_pdf(...) end

---@class SonoranCad.ClientExports
local ClientExports = {}

---1 when `mode` is `production`, 0 when it is `development`; 1 until the server has said which.
---@return 0|1
function ClientExports:getApiMode() end

---False: there are no submodules.
---@param name string
---@return boolean
function ClientExports:isPluginLoaded(name) end

---Only the official resource has it: tells the console once who called it, and calls a callback with a reason and false.
---@param ... any
function ClientExports:getBase64(...) end

---@class CitizenExports
---@field sonorancad SonoranCad.Exports|SonoranCad.ClientExports
exports = exports or {}
