// Languages: Chinese is built in, English loads when chosen. Keys are typed from the Chinese texts.
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { zhCN } from './zh-CN';

export type Language = 'zh-CN' | 'en';
export type Texts = typeof zhCN;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Texts };
  }
}

const STORE = 'dianma.language';

export function chosenLanguage(): Language {
  return localStorage.getItem(STORE) === 'en' ? 'en' : 'zh-CN';
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zhCN } },
    interpolation: { escapeValue: false },
  });
  if (chosenLanguage() === 'en') await switchLanguage('en');
  else document.documentElement.lang = 'zh-CN';
}

/** Switches the language and remembers it on this computer. */
export async function switchLanguage(language: Language): Promise<void> {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en');
    i18next.addResourceBundle('en', 'translation', en);
  }
  localStorage.setItem(STORE, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** A pair of names as the generated word tables and the API carry them. */
export interface Named {
  zh: string;
  en: string;
}

/** Texts, words of the shared enums, and which language is on. */
export function useText() {
  const { t, i18n } = useTranslation();
  const isChinese = i18n.language !== 'en';
  return {
    t,
    isChinese,
    /** The name of a word of a generated enum; the word itself when the table lacks it. */
    word: (table: Readonly<Record<string, readonly [string, string]>>, value: string): string =>
      table[value]?.[isChinese ? 0 : 1] ?? value,
    named: (pair: Named): string => (isChinese ? pair.zh : pair.en),
    /** Words in a row: `抢修、装表` or `Fault repair, Meter change`. */
    listed: (words: readonly string[]): string => words.join(isChinese ? '、' : ', '),
  };
}
