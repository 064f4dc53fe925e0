/** The languages that the resource's own texts exist in. */
export const localeNames = ['en', 'es', 'de', 'fr', 'pt-br'] as const;
export type LocaleName = (typeof localeNames)[number];
