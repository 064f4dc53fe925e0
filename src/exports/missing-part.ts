/** What a caller is told whose export does nothing here. */
export const MISSING_PART = 'sonorancad does not have this part of the official resource';
