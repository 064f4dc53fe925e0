import { de } from './de.ts';
import { en, type Locale } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ptBr } from './pt-br.ts';

/** The languages that the resource's own texts exist in. */
export const localeNames = ['en', 'es', 'de', 'fr', 'pt-br'] as const;
export type LocaleName = (typeof localeNames)[number];

/** Every language, by the name that the config key `locale` takes. */
export const locales: Readonly<Record<LocaleName, Locale>> = { en, es, de, fr, 'pt-br': ptBr };
