import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { GENERAL_PROBLEMS } from '@ateneo/contracts';
import { ENGLISH } from '@ateneo/contracts/problem-texts/en';
import { ITALIAN } from '@ateneo/contracts/problem-texts/it';
import { Browser, newId, type Running, startGatewayWithIdentity } from './gateway-with-identity.js';

const root = resolve(import.meta.dirname, '../../..');
const sourcesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));

describe('problem documents', () => {
  let running: Running;
  let browser: Browser;
  before(async () => {
    running = await startGatewayWithIdentity();
    const { username } = await running.register('administrator', null);
    browser = new Browser(running.url);
    await browser.open(`/auth/sign-in?as=${username}&return=/home`);
  });
  after(() => running.close());

  const told = async (path: string, body: string, language?: string) => {
    const headers = {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      ...(language === undefined ? {} : { 'accept-language': language }),
    };
    const answer = await browser.go(path, { method: 'POST', body, headers });
    const { code, title, detail } = (await answer.json()) as { code: string; title: string; detail: string };
    assert.notEqual(title, detail);
    return { code, detail };
  };

  test('a refusal says what to do, in the language of the request or of the person [rev:cor-7]', async () => {
    const profile = `/api/people/${newId()}/profiles/${newId()}/end`;
    const body = JSON.stringify({ to: '2026-01-01' });
    assert.deepEqual(await told(profile, body), { code: 'person-not-found', detail: ITALIAN['person-not-found'] });
    assert.deepEqual(await told(profile, body, 'en-GB'), { code: 'person-not-found', detail: ENGLISH['person-not-found'] });
  });
  test('so does what the gateway answers by itself [rev:cor-7]', async () => {
    assert.deepEqual(await told('/api/people', '{', 'it'), { code: 'malformed-json', detail: ITALIAN['malformed-json'] });
    assert.deepEqual(await told('/api/nothing', '{}', 'en'), { code: 'route-not-found', detail: ENGLISH['route-not-found'] });
  });
  test('every general problem is answered somewhere [rev:cor-7]', () => {
    const sources = ['services/api-gateway/src', 'libs/service-kit/src', 'libs/event-sourcing/src'].flatMap(sourcesIn).join('\n');
    assert.deepEqual(
      Object.keys(GENERAL_PROBLEMS).filter((code) => !new RegExp(`['\\s{]${code}['\\s:]`).test(sources)),
      [],
    );
  });
});
