import assert from 'node:assert/strict';
import { cookieOf } from './cookies.rules.js';
import { JsonRefused, parseJson } from './json-body.rules.js';
import { localeOf, problemDocument } from './problems.rules.js';
import { RateLimit, subscriberOf } from './rate-limit.rules.js';
import { pageHeaders } from './security-headers.rules.js';

const refused = (text: string): string => {
  try {
    return `accepted ${JSON.stringify(parseJson(Buffer.from(text)))}`;
  } catch (error) {
    assert.ok(error instanceof JsonRefused);
    return `${error.code}: ${error.detail}`;
  }
};

describe('a JSON body', () => {
  for (const [text, position] of [
    ['{"a":}', 5],
    ['{"a":1 "b":2}', 7],
    ['{', 1],
    ['[1,', 3],
    ['{"a":tru}', 8],
    ['nul', 3],
    ['{} x', 3],
    ['{"a":"\u0001"}', 6],
    ['', -1],
  ] as const) {
    test(`${JSON.stringify(text)} is ${position < 0 ? 'an empty object' : `refused at ${position}`}`, () =>
      assert.equal(refused(text), position < 0 ? 'accepted {}' : `malformed-json: the text is not JSON at position ${position}`));
  }
  test('32 levels are taken, 33 are not, and brackets in texts do not count', () => {
    assert.match(refused(`${'['.repeat(32)}${']'.repeat(32)}`), /^accepted/);
    assert.match(refused(`${'['.repeat(33)}${']'.repeat(33)}`), /^json-too-deep/);
    assert.match(refused(JSON.stringify({ a: `\\"${'['.repeat(100)}` })), /^accepted/);
  });
  test('the text of a person may speak of prototypes', () => assert.match(refused('{"note":"__proto__ and constructor"}'), /^accepted/));
  test('no problem text repeats what the body said', () => assert.equal(refused('{"name":"Mario Rossi",}').includes('Mario'), false));
});

describe('a token bucket', () => {
  test('lets a burst through, then one at a time as time goes by, each address for itself', () => {
    let now = 0;
    const limit = new RateLimit({ burst: 2, perSecond: 0.5 }, () => now);
    assert.deepEqual([limit.take('a'), limit.take('a'), limit.take('a'), limit.take('b')], [0, 0, 2, 0]);
    now = 2_000;
    assert.deepEqual([limit.take('a'), limit.take('a')], [0, 2]);
  });
  test('counts the addresses of an IPv6 subscriber as one, and an IPv4 address however it is written [rev:sec-low]', () => {
    const cases = {
      '2001:db8:1:2:aaaa::1': '2001:db8:1:2::/64',
      '2001:0DB8:0001:0002:ffff:1:2:3': '2001:db8:1:2::/64',
      '2001:db8::7': '2001:db8:0:0::/64',
      '::1': '0:0:0:0::/64',
      'fe80::1%eth0': 'fe80:0:0:0::/64',
      '::ffff:192.0.2.7': '192.0.2.7',
      '192.0.2.7': '192.0.2.7',
    };
    for (const [address, subscriber] of Object.entries(cases)) assert.equal(subscriberOf(address), subscriber, address);
  });
  test('keeps a bounded number of addresses', () => {
    const limit = new RateLimit({ burst: 1, perSecond: 0.001 }, () => 0, 3);
    for (const key of ['a', 'b', 'c', 'd']) limit.take(key);
    assert.equal(limit.take('d') > 0, true);
    assert.equal(limit.take('a'), 0);
  });
});

test('a problem’s sentence names the values of the refusal [rev:cor-7]', () => {
  const of = (details?: object) =>
    problemDocument({ status: 413, code: 'body-too-large', details: details as never }, 'it', 'c1')['detail'];
  assert.match(String(of({ maxBytes: 2_097_152 })), /2 MiB/);
  assert.doesNotMatch(String(of()), /[[\]{}]/);
});

describe('small readings of headers', () => {
  test('a cookie is found by its whole name', () => {
    assert.equal(cookieOf('xateneo_session=a; ateneo_session=b=c; other=d', 'ateneo_session'), 'b=c');
    assert.equal(cookieOf(undefined, 'ateneo_session'), undefined);
  });
  test('Italian unless English is asked for', () => {
    assert.deepEqual(
      [localeOf('en-US,en;q=0.9,it;q=0.8'), localeOf('fr,en;q=0.5'), localeOf('de'), localeOf(undefined, 'en')],
      ['en', 'en', 'it', 'en'],
    );
  });
  test('pages run nothing but the own files; HSTS only where the address is https', () => {
    const plain = pageHeaders('http://localhost:3000', 'http://localhost:3000/realms/ateneo');
    assert.match(
      plain['content-security-policy'] ?? '',
      /^default-src 'none'; script-src 'self'; .*form-action 'self'; frame-ancestors 'none'/,
    );
    assert.equal(plain['strict-transport-security'], undefined);
    const real = pageHeaders('https://ateneo.example', 'https://sso.example/realms/ateneo');
    assert.match(real['content-security-policy'] ?? '', /form-action 'self' https:\/\/sso\.example;/);
    assert.ok(real['strict-transport-security']);
  });
});
