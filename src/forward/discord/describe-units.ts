import type { PushEventData } from '../../push-events/catalogue/catalogue.ts';
import { counted, type EmbedDraft, joined, listed, type Wording } from './embed-draft.ts';

type Unit = PushEventData<'EVENT_UNIT_LOGIN'>['unit'];
type UnitChange = PushEventData<'EVENT_UNIT_UPDATE'>['units'][number];

const statusText = (status: number | undefined, { statusLabels }: Wording): string | undefined =>
  status === undefined ? undefined : (statusLabels[status] ?? String(status));

const nameOf = ({ id, data }: Unit | UnitChange): string => joined(' · ', [data.unitNum, data.name]) || `Unit ${id}`;

const lineOf = (unit: UnitChange, wording: Wording): string =>
  joined(' · ', [
    `${nameOf(unit)} (${unit.id})`,
    statusText(unit.status, wording),
    unit.isPanic ? 'PANIC' : undefined,
    unit.location,
  ]);

export function describeUnitUpdate({ units }: PushEventData<'EVENT_UNIT_UPDATE'>, wording: Wording): EmbedDraft {
  return {
    kind: units.some(({ isPanic }) => isPanic) ? 'alarm' : 'unit',
    title: `${counted('Unit', units)} changed`,
    description: units.map((unit) => lineOf(unit, wording)).join('\n'),
    fields: [],
  };
}

export function describeUnitStatus(data: PushEventData<'EVENT_UNIT_STATUS'>, wording: Wording): EmbedDraft {
  const { identIds, status, units = [] } = data;
  return {
    kind: 'unit',
    title: `Unit status: ${statusText(status, wording)}`,
    description: units.map((unit) => lineOf(unit, wording)).join('\n'),
    fields: [[counted('Unit', identIds), listed(identIds)]],
  };
}

export function describeUnitLogin(data: PushEventData<'EVENT_UNIT_LOGIN'>, wording: Wording): EmbedDraft {
  const { unit, isDispatch, selfDispatch } = data;
  const { rank, department, subdivision, district, group } = unit.data;
  return {
    kind: 'unit',
    title: `${isDispatch ? 'Dispatcher' : 'Unit'} signed in: ${nameOf(unit)}`,
    fields: [
      ['Unit', unit.id],
      ['Status', statusText(unit.status, wording)],
      ['Rank', rank],
      ['Department', joined(' · ', [department, subdivision])],
      ['District', district],
      ['Group', group],
      ['Location', unit.location],
      ['Area of play', unit.aop],
      ['Dispatch', selfDispatch ? 'dispatches itself' : undefined],
      ['Panic', unit.isPanic ? 'pressed' : undefined],
    ],
  };
}

export function describeUnitLogout({ identId }: PushEventData<'EVENT_UNIT_LOGOUT'>): EmbedDraft {
  return { kind: 'over', title: 'Unit signed out', fields: [['Unit', identId]] };
}

export function describeUnitPanic({ identIds, isPanic }: PushEventData<'EVENT_UNIT_PANIC'>): EmbedDraft {
  return {
    kind: isPanic ? 'alarm' : 'over',
    title: isPanic ? 'Panic button pressed' : 'Panic button reset',
    fields: [[counted('Unit', identIds), listed(identIds)]],
  };
}

export function describeGroupAdd({ identIds, groupName }: PushEventData<'EVENT_UNIT_GROUP_ADD'>): EmbedDraft {
  return {
    kind: 'unit',
    title: 'Joined a unit group',
    fields: [
      ['Group', groupName],
      [counted('Unit', identIds), listed(identIds)],
    ],
  };
}

export function describeGroupRemove({ identIds, groupName }: PushEventData<'EVENT_UNIT_GROUP_REMOVE'>): EmbedDraft {
  return {
    kind: 'unit',
    title: 'Left a unit group',
    fields: [
      ['Group', groupName],
      [counted('Unit', identIds), listed(identIds)],
    ],
  };
}

export function describeGroupChangeName(data: PushEventData<'EVENT_UNIT_GROUP_CHANGE_NAME'>): EmbedDraft {
  return {
    kind: 'unit',
    title: 'Unit group renamed',
    fields: [
      ['Old name', data.oldName],
      ['New name', data.newName],
      [counted('Unit', data.identIds), listed(data.identIds)],
    ],
  };
}
