import { de } from './de.ts';
import { en, type Locale } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { LocaleName } from './locale-names.ts';
import { ptBr } from './pt-br.ts';

/** Every language, by the name that the config key `locale` takes. */
export const locales: Readonly<Record<LocaleName, Locale>> = { en, es, de, fr, 'pt-br': ptBr };
