import type { PushEventData } from '../../push-events/catalogue/catalogue.ts';
import type { DraftField, EmbedDraft } from './embed-draft.ts';

type RecordData = PushEventData<'EVENT_RECORD_ADD'>;

function describeRecord({ record }: RecordData, happened: string): EmbedDraft {
  const sections = record.sections.map(({ label, fields }): DraftField => {
    const lines = fields
      .filter(({ value }) => value.trim() !== '')
      .map(({ label: name, value }) => `${name}: ${value}`);
    return [label.trim() === '' ? 'Section' : label, lines.join('\n')];
  });
  return { kind: 'record', title: `Record ${happened}: ${record.name}`, fields: [['Record', record.id], ...sections] };
}

export const describeRecordAdd = (data: RecordData): EmbedDraft => describeRecord(data, 'created');

export const describeRecordEdit = (data: RecordData): EmbedDraft => describeRecord(data, 'changed');

export const describeRecordRemove = (data: RecordData): EmbedDraft => describeRecord(data, 'removed');

export function describePrintRecord({ identId, url }: PushEventData<'EVENT_PRINT_RECORD'>): EmbedDraft {
  return {
    kind: 'record',
    title: 'Record to be printed',
    fields: [
      ['Unit', identId],
      ['Document', url],
    ],
  };
}
