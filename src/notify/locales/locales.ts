import { de } from './de.ts';
import { en, type Locale } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ptBr } from './pt-br.ts';

/** Every language that the resource's own texts exist in, by the name that the config key `locale` takes. */
export const locales = { en, es, de, fr, 'pt-br': ptBr } satisfies Readonly<Record<string, Locale>>;
export type LocaleName = keyof typeof locales;
export const localeNames = Object.keys(locales) as readonly LocaleName[];
