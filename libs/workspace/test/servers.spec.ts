import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createConnection } from 'mongoose';
import { mongoMissing, startMongo } from '../src/mongo.mjs';
import { s3Missing, startS3 } from '../src/s3.mjs';
import { startToxiproxy, toxiproxyMissing } from '../src/toxiproxy.mjs';

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'servers-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test(
  'a killed stand-in of MongoDB keeps on its store what it acknowledged [arch:2]',
  { skip: mongoMissing() ?? (process.env['MONGODB_URL'] && 'MONGODB_URL names a server that is not ours to kill') },
  async (t) => {
    const store = await folder(t);
    const first = await startMongo({ store });
    t.after(() => first.stop());
    const before = await createConnection(first.url).asPromise();
    const boxes = before.useDb('depot').collection<{ _id: number }>('boxes');
    await Promise.all(Array.from({ length: 200 }, (_, _id) => boxes.insertOne({ _id })));
    await first.stop('SIGKILL');
    await before.close(true);
    const second = await startMongo({ store, port: first.port });
    t.after(() => second.stop());
    const after = await createConnection(second.url).asPromise();
    t.after(() => after.close(true));
    assert.equal(await after.useDb('depot').collection('boxes').countDocuments(), 200);
  },
);

test('an S3 server answers with its bucket, and no one without its keys [arch:2]', { skip: s3Missing() }, async (t) => {
  const server = await startS3();
  t.after(() => server.stop());
  const { S3Client, ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const client = (secretAccessKey: string) =>
    new S3Client({
      endpoint: server.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: server.accessKey, secretAccessKey },
    });
  assert.equal((await client(server.secretKey).send(new ListObjectsV2Command({ Bucket: server.bucket }))).KeyCount, 0);
  await assert.rejects(client('another').send(new ListObjectsV2Command({ Bucket: server.bucket })), { name: 'SignatureDoesNotMatch' });
});

test('a proxied way is cut, mute and good again [arch:6]', { skip: toxiproxyMissing() }, async (t) => {
  const echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  t.after(() => echo.close());
  const toxiproxy = await startToxiproxy();
  t.after(() => toxiproxy.stop());
  const proxy = await toxiproxy.proxy(`127.0.0.1:${(echo.address() as AddressInfo).port}`);
  assert.equal(await said(proxy.port), 'hello');
  const restore = await proxy.add('timeout', { timeout: 0 });
  assert.equal(await said(proxy.port), undefined);
  await restore();
  assert.equal(await said(proxy.port), 'hello');
  await proxy.disable();
  await assert.rejects(said(proxy.port), { code: 'ECONNREFUSED' });
  await proxy.enable();
  assert.equal(await said(proxy.port), 'hello');
});

/** What an echo answers to `hello`, or undefined where nothing comes. */
async function said(port: number): Promise<string | undefined> {
  const socket: Socket = connect(port, '127.0.0.1');
  try {
    return await new Promise((resolve, reject) => {
      socket.once('data', (bytes) => resolve(String(bytes)));
      socket.once('error', reject);
      socket.setTimeout(500, () => resolve(undefined));
      socket.write('hello');
    });
  } finally {
    socket.destroy();
  }
}
