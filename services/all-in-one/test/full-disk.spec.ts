import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Browser, newId, startGatewayWithIdentity } from './gateway-with-identity.js';
import { fillUp, isMounted } from './small-disk.js';

describe('a full disk under the gateway', () => {
  test('is a problem to try again at uploads, sign-in, its form and its return, and for tokens; each is heard [rev:sec-20]', async (t) => {
    const disk = await mkdtemp(join(tmpdir(), 'ateneo-full-'));
    if (!isMounted('-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk)) return t.skip('this process may not mount a file system');
    const running = await startGatewayWithIdentity({ environment: { DATA_DIR: disk } });
    t.after(async () => {
      await running.close();
      execFileSync('umount', ['-l', disk]);
      await rmdir(disk);
    });
    const { username } = await running.register('administrator', null);
    const begin = `/auth/sign-in?as=${username}&return=/home`;
    const aBrowser = () => new Browser(running.url);
    const [signedIn, returning, asked, tool] = [aBrowser(), aBrowser(), aBrowser(), aBrowser()];
    const verifier = 'v'.repeat(43);
    await signedIn.open(begin);
    const { at: form } = await asked.open('/auth/sign-in?return=/home');
    const callback = await wayTo('/auth/callback', returning, begin);
    const own = new URL((await tool.go(begin)).headers.get('location') as string);
    own.searchParams.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
    const code = new URL(await wayTo('/auth/callback', tool, own.href)).searchParams.get('code') as string;
    await fillUp(disk);
    await appendFile(join(disk, 'filler'), Buffer.alloc(1024 * 1024)).catch((error: NodeJS.ErrnoException) =>
      assert.equal(error.code, 'ENOSPC'),
    );

    const upload = {
      method: 'POST',
      body: 'a;b\n'.repeat(20_000),
      headers: { 'content-type': 'text/csv', 'sec-fetch-site': 'same-origin' },
    };
    const token = new URLSearchParams({
      ...{ grant_type: 'authorization_code', client_id: 'ateneo-portal', redirect_uri: `${running.url}/auth/callback` },
      ...{ code, code_verifier: verifier },
    });
    const answers = {
      upload: await signedIn.go(`/api/logbook/imports?importId=${newId()}&schoolId=${newId()}`, upload),
      begin: await signedIn.go(begin),
      callback: await returning.go(callback),
      form: await asked.go(form.href, { form: { as: username } }),
      token: await fetch(`${running.url}/realms/ateneo/protocol/openid-connect/token`, { method: 'POST', body: token }),
    };
    for (const [name, answer] of Object.entries(answers)) {
      assert.deepEqual([name, answer.status, answer.headers.get('location')], [name, 503, null]);
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/, name);
      // the return shows a page from which the sign-in begins again
      assert.match(await answer.text(), name === 'callback' ? /storage-unavailable|\/auth\/sign-in\?return=/ : /storage-unavailable/, name);
    }
    const heard = /^ateneo_problems_total\{service="ateneo",part="([\w-]+)",kind="away"\} (\d+)$/gm;
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    assert.deepEqual(Object.fromEntries([...metrics.matchAll(heard)].map(([, part, times]) => [part, times])), {
      operation: '1',
      'sign-in': '4',
    });

    await rm(join(disk, 'filler'));
    assert.equal((await signedIn.open(begin)).visited.at(-1), `${running.url}/home`);
  });

  const wayTo = async (path: string, browser: Browser, address: string): Promise<string> => {
    const next = new URL((await browser.go(address)).headers.get('location') as string, browser.url);
    return next.pathname === path ? next.href : wayTo(path, browser, next.href);
  };
});
