import type { it } from './it/index.js';

export type Locale = 'it' | 'en';
/** A sentence, or its forms by number (`n`). */
export type Message = string | { readonly one: string; readonly other: string };
export type MessageKey = keyof typeof it;
export type Messages = Readonly<Record<MessageKey, Message>>;

type Placeholders<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type NamesIn<M> = M extends string ? Placeholders<M> : M extends { other: infer Other } ? Placeholders<Other> | 'n' : never;
type ParamsOf<K extends MessageKey> = NamesIn<(typeof it)[K]>;
type Args<K extends MessageKey> = [ParamsOf<K>] extends [never] ? [] : [params: { readonly [P in ParamsOf<K>]: string | number }];

/** Keys of sentences without parameters. */
export type PlainKey = { [K in MessageKey]: [ParamsOf<K>] extends [never] ? K : never }[MessageKey];

/** `t('key', params)`: a missing key or parameter does not compile. */
export type Translate = <K extends MessageKey>(key: K, ...args: Args<K>) => string;

const fill = (text: string, params: Readonly<Record<string, string | number>>, format: Intl.NumberFormat): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : typeof value === 'number' ? format.format(value) : value;
  });

/** Makes `t` for one language. */
export const translator = (locale: Locale, messages: Messages): Translate => {
  const plural = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale, { useGrouping: true });
  return (key, ...args) => {
    const params: Readonly<Record<string, string | number>> = args[0] ?? {};
    const message = messages[key];
    if (typeof message === 'string') return fill(message, params, numbers);
    return fill(plural.select(Number(params.n)) === 'one' ? message.one : message.other, params, numbers);
  };
};

export const isMessageKey = (messages: Messages, key: string): key is MessageKey => key in messages;
