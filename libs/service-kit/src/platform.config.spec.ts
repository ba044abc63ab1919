import assert from 'node:assert/strict';
import { ConfigurationError } from './config.js';
import { readPlatformConfig } from './platform.config.js';

test('defaults are those of the embedded form [arch:2]', () => {
  const config = readPlatformConfig({});
  assert.deepEqual(
    [config.PORT, config.DATA_DIR, config.BUS_URL, config.OIDC_ISSUER, config.SMTP_URL],
    [3000, '.ateneo', 'memory:', 'embedded', 'outbox:'],
  );
});

const wrong: readonly [variable: string, holds: string, mayHold: RegExp][] = [
  ['PORT', 'eighty', /PORT holds "eighty": it may hold a port number/],
  ['PORT', '70000', /PORT holds "70000"/],
  ['SEED', 'full', /SEED holds "full": it may hold demo or empty/],
  ['BUS_URL', 'kafka://x', /BUS_URL holds "kafka:\/\/x": it may start with memory:/],
  ['PUBLIC_URL', 'ftp://x', /PUBLIC_URL holds "ftp:\/\/x": it may hold an http/],
  ['LOG_LEVEL', 'loud', /LOG_LEVEL holds "loud": it may hold debug/],
  ['OIDC_ISSUER', 'elsewhere', /OIDC_ISSUER holds "elsewhere"/],
];
for (const [variable, holds, says] of wrong) {
  test(`${variable}=${holds} is refused with the variable, what it holds and what it may hold [arch:6]`, () =>
    assert.throws(
      () => readPlatformConfig({ [variable]: holds }),
      (error) => error instanceof ConfigurationError && says.test(error.message),
    ));
}

test('several mistakes are told at once, and a secret is never shown [arch:6]', () => {
  assert.throws(
    () => readPlatformConfig({ PORT: 'x', MASTER_KEY: 'my-secret-words' }),
    (error) => error instanceof ConfigurationError && error.message.split('\n').length === 2 && !error.message.includes('my-secret-words'),
  );
});
