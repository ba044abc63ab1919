import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { logbook, Output, schoolNetwork } from '@ateneo/contracts';
import { ENGLISH } from '@ateneo/contracts/problem-texts/en';
import { ITALIAN } from '@ateneo/contracts/problem-texts/it';
import { addressOf, argumentsOf, type Command, CommandError, type Io, UsageError } from './command.js';
import { tokenOf } from './token.js';

type Import = Output<typeof logbook.showImport>;
type Row = Output<typeof logbook.listImportRows>['rows'][number];

/** Imports a CSV of entries through the running platform: the dry run, and the deed where it is asked for. */
export const importFile: Command = {
  usage: 'import <file> --school <code> [--as <person>] [--confirm [--only-good]]',
  summary:
    'checks a CSV row by row; --confirm carries it out; ATENEO_TOKEN, or a demo person (--as); refusals in Italian, in English where LC_ALL or LANG is',
  async run(args, io) {
    const { positionals, values } = argumentsOf(args, 1, {
      school: { type: 'string' },
      as: { type: 'string' },
      confirm: { type: 'boolean' },
      'only-good': { type: 'boolean' },
    });
    if (!values.school) throw new UsageError('--school is missing');
    const api = await Api.open(io, values.as ?? 'administrator');
    const { schools } = (await api.get('/university')) as Output<typeof schoolNetwork.showUniversity>;
    const schoolId = schools.find(({ code }) => code === values.school)?.schoolId;
    if (!schoolId) throw new CommandError(`there is no school ${values.school}; there are ${schools.map(({ code }) => code).join(', ')}`);
    const checked = await checkFile(api, positionals[0] as string, schoolId);
    await tell(api, checked, io);
    const refused = checked.is === 'failed' || checked.fates.refused > 0;
    if (!values.confirm || checked.is === 'failed') return refused ? 1 : 0;
    if (refused && !values['only-good'])
      throw new CommandError('nothing was imported: some rows are refused; --only-good imports the others');
    const done = await api.settle(
      (await api.post(`/logbook/imports/${checked.importId}/confirmation`, { onlyGood: values['only-good'] ?? false })) as {
        import: Import;
      },
    );
    io.say(`${done.is}: ${summary(done)}`);
    return done.is === 'done' ? 0 : 1;
  },
};

async function checkFile(api: Api, path: string, schoolId: string): Promise<Import> {
  const content = await contentOf(path);
  const question = new URLSearchParams({ importId: randomUUID(), schoolId, fileName: basename(path) });
  return api.settle((await api.send('POST', `/logbook/imports?${question}`, content, 'text/csv')) as { import: Import });
}

async function contentOf(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path, { type: 'text/csv' });
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

const summary = ({ rows, fates }: Import): string =>
  `${rows} rows: ${Object.entries(fates)
    .map(([fate, n]) => `${n} ${fate}`)
    .join(', ')}`;

/** Italian, unless the terminal speaks English. */
const languageOf = ({ environment }: Pick<Io, 'environment'>): 'it' | 'en' =>
  /^en/i.test(environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '') ? 'en' : 'it';
const SENTENCES: Readonly<Record<'it' | 'en', Readonly<Record<string, string>>>> = { it: ITALIAN, en: ENGLISH };
const sentenceOf = (code: string | null | undefined, language: 'it' | 'en'): string => {
  const sentence = SENTENCES[language][code ?? ''];
  return sentence ? `. ${sentence}` : '';
};

async function tell(api: Api, checked: Import, { say, complain, environment }: Io): Promise<void> {
  say(`${checked.is}: ${summary(checked)}`);
  if (checked.problem) complain(checked.problem);
  for (let page = 1, seen = 0; seen < checked.fates.refused; page++) {
    const { rows } = (await api.get(`/logbook/imports/${checked.importId}/rows?fate=refused&size=200&page=${page}`)) as {
      rows: readonly Row[];
    };
    if (rows.length === 0) return;
    seen += rows.length;
    for (const { line, externalId, column, code, detail } of rows)
      complain(
        `line ${line} (${externalId || 'no id'}): ${column ?? ''} ${code ?? ''}${detail ? `, ${detail}` : ''}${sentenceOf(code, languageOf({ environment }))}`,
      );
  }
}

/** The running platform's interface with one person's token. */
class Api {
  private constructor(
    private readonly address: string,
    private readonly token: string,
    private readonly language: 'it' | 'en',
  ) {}

  static async open(io: Io, as: string): Promise<Api> {
    return new Api(addressOf(io), io.environment['ATENEO_TOKEN'] ?? (await tokenOf(io, as)), languageOf(io));
  }

  get(path: string): Promise<unknown> {
    return this.send('GET', path);
  }

  post(path: string, body: object): Promise<unknown> {
    return this.send('POST', path, JSON.stringify(body), 'application/json');
  }

  /** Throws CommandError where the answer is a problem. */
  async send(method: string, path: string, body?: Blob | string, type?: string): Promise<unknown> {
    const answer = await fetch(`${this.address}/api${path}`, {
      method,
      body,
      headers: { authorization: `Bearer ${this.token}`, 'accept-language': this.language, ...(type ? { 'content-type': type } : {}) },
    }).catch((error: Error) => {
      throw new CommandError(`${this.address} does not answer: ${error.message}`);
    });
    const content = (await answer.json()) as { code?: string; detail?: string };
    if (!answer.ok) throw new CommandError(`${method} ${path} was refused: ${answer.status} ${content.code ?? ''} ${content.detail ?? ''}`);
    return content;
  }

  /** Waits until nothing of the import is on its way. */
  async settle({ import: started }: { readonly import: Import }): Promise<Import> {
    let at = started;
    while (at.is === 'checking' || at.is === 'importing') {
      await pause(200);
      at = (await this.get(`/logbook/imports/${at.importId}`)) as Import;
    }
    return at;
  }
}
