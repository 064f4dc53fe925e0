/** An event as the CAD sends it, without its key. */
export interface SentEvent {
  readonly type: string;
  readonly data: object;
}

interface Officer {
  readonly id: number;
  readonly unitNum: string;
  readonly name: string;
  readonly department: string;
  readonly subdivision: string;
  readonly isDispatch?: boolean;
}

/** Who is on duty this evening. Made up, as all of this. */
export const OFFICERS: readonly Officer[] = [
  { id: 12, unitNum: '1-ADAM-12', name: 'Jim Reed', department: 'LSPD', subdivision: 'Patrol' },
  { id: 14, unitNum: '1-ADAM-14', name: 'Ada Okafor', department: 'LSPD', subdivision: 'Patrol' },
  { id: 18, unitNum: '2-LINCOLN-30', name: 'Diego Ruiz', department: 'LSPD', subdivision: 'Traffic' },
  { id: 21, unitNum: '7-KING-9', name: 'Mara Lindqvist', department: 'BCSO', subdivision: 'K-9' },
  { id: 33, unitNum: 'ENGINE-7', name: 'Kelly Brandt', department: 'LSFD', subdivision: 'Station 7' },
  { id: 35, unitNum: 'MEDIC-4', name: 'Noor Haddad', department: 'LSFD', subdivision: 'EMS' },
  { id: 40, unitNum: 'DISPATCH', name: 'Dana Whitfield', department: 'SACC', subdivision: '', isDispatch: true },
];

/** @returns by what the CAD and the game know the player behind a unit */
export const licenseOf = (id: number): string => `license:${String(id).padStart(40, '0')}`;

const CALLS = [
  ['10-50', 'Traffic collision', 'Vespucci Blvd', '8042', 'Two cars, one on its roof', [12, 18, 35]],
  [
    '10-90',
    'Silent alarm',
    'Fleeca Bank, Great Ocean Hwy',
    '5010',
    'Alarm from the vault, no answer by phone',
    [14, 21],
  ],
  ['10-70', 'Structure fire', 'Forum Dr', '9203', 'Smoke from a garage, neighbours are out', [33, 35]],
  ['10-16', 'Domestic disturbance', 'Mirror Park Blvd', '7015', 'Shouting, a child on the line', [12]],
  ['10-37', 'Suspicious vehicle', 'Elgin Ave', '8117', 'White van, no plates, has circled for an hour', [18]],
] as const;

const CALLERS = [
  ['Lamar Davis', 'Forum Dr / Strawberry Ave', 'Someone is breaking into my car!'],
  ['Molly Schultz', 'Rockford Hills, Portola Dr', 'A man with a bat in the jewellery shop'],
  ['Anonymous', 'Del Perro Pier', 'They are racing again, three of them, no lights'],
  ['Hao Nguyen', 'Popular St', 'My neighbour fell from the roof and does not move'],
] as const;

export function unitOf({ id, unitNum, name, department, subdivision, isDispatch = false }: Officer, status: number) {
  const data = {
    ...{ apiIds: [licenseOf(id)], communityUserId: licenseOf(id), unitNum, name, department, subdivision },
    ...{ district: 'Los Santos', rank: '', group: '', page: 0 },
  };
  const accId = `7d0c1a2e-0000-4000-8000-${String(id).padStart(12, '0')}`;
  return { id, accId, status, isPanic: false, location: 'Mission Row', aop: 'Los Santos', isDispatch, data };
}

export function callOf(number: number, status: number, idents?: readonly number[]) {
  const [code, title, address, postal, description, units] = CALLS[number % CALLS.length] ?? CALLS[0];
  return {
    ...{ callId: 500 + number, origin: 0, status, priority: 1 + (number % 3), block: '', address, postal, title, code },
    ...{ description, notes: [], idents: [...(idents ?? units)], primary: units[0], trackPrimary: false },
    metaData: { postal },
  };
}

export function emergencyCallOf(number: number) {
  const [caller, location, description] = CALLERS[number % CALLERS.length] ?? CALLERS[0];
  return { callId: 300 + number, isEmergency: true, caller, location, description, metaData: { postal: '8042' } };
}

/** The same numbers each time, so that the pictures are, too. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** @returns what happens in each minute of an hour: more and more, with a lull in the middle */
export function evening(): SentEvent[][] {
  const dice = createDice(7);
  const logins = OFFICERS.map((officer) => ({
    type: 'EVENT_UNIT_LOGIN',
    data: { unit: unitOf(officer, 2), isDispatch: officer.isDispatch ?? false, selfDispatch: false },
  }));
  const minutes = Array.from({ length: 59 }, (_, minute) => {
    const busy = minute > 22 && minute < 31 ? 1 : 2 + Math.floor(minute / 12);
    return Array.from({ length: busy + dice(4) }, () => happening(dice, minute));
  });
  return [logins, ...minutes];
}

function happening(dice: (sides: number) => number, minute: number): SentEvent {
  const number = Math.floor(minute / 6);
  const ident = OFFICERS[dice(OFFICERS.length - 1)]?.id ?? 12;
  switch (dice(10)) {
    case 0:
      return { type: 'EVENT_911', data: { call: emergencyCallOf(number) } };
    case 1:
      return { type: 'EVENT_DISPATCH_NEW', data: { eventOriginIdent: 40, dispatch: callOf(number, 1) } };
    case 2:
      return { type: 'EVENT_DISPATCH_UNIT_ATTACH', data: { callId: 500 + number, idents: [ident] } };
    case 3:
    case 4: {
      const note = {
        time: '21:09:00',
        label: 'DISPATCH',
        type: 'text',
        content: 'Tow is on the way, two lanes blocked',
      };
      return { type: 'EVENT_DISPATCH_NOTE', data: { callId: 500 + number, note } };
    }
    case 5:
      return { type: 'EVENT_DISPATCH_CLOSED', data: { callIds: [500 + number - 2], eventOriginIdent: 40 } };
    case 6:
      return { type: 'EVENT_TONE', data: { url: 'https://cad.example/tones/1.mp3', playTonesTo: [] } };
    default:
      return { type: 'EVENT_UNIT_STATUS', data: { identIds: [ident], status: 1 + dice(4) } };
  }
}
