import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { StoreUnavailableError } from '@ateneo/event-sourcing';
import { type RunningS3, s3Missing, startS3 } from '../../workspace/src/s3.mjs';
import { filesConformance } from '../conformance/files.conformance.js';
import { openFiles, readS3Address } from '../src/index.js';

describe('the address of an S3 server', () => {
  test('says endpoint, bucket, region and credentials [arch:2]', () => {
    assert.deepEqual(readS3Address('s3://key:se%2Fcret@files.example:9000/ateneo?region=eu-south-1&tls=false'), {
      endpoint: 'http://files.example:9000',
      bucket: 'ateneo',
      region: 'eu-south-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'se/cret' },
    });
    assert.deepEqual(readS3Address('s3://files.example/ateneo').credentials, undefined);
  });

  test('is refused without its bucket, with its form and without its secret [arch:6]', () => {
    for (const url of ['s3://key:hidden@files.example', 's3://key:hidden@files.example/a/b', 's3:'])
      assert.throws(
        () => readS3Address(url),
        ({ message }: Error) => message.startsWith('FILES_URL holds no S3 address') && !message.includes('hidden'),
      );
  });
});

describe('files in a bucket', { skip: s3Missing() }, () => {
  let server: RunningS3;
  before(async () => {
    server = await startS3();
  });
  after(() => server.stop());
  filesConformance('S3', async () => openFiles(server.url));

  test('a server that is away is told, and nothing hangs [arch:6]', async () => {
    const files = openFiles('s3://key:secret@127.0.0.1:1/bucket?tls=false');
    const away = (error: Error) => error instanceof StoreUnavailableError && error.message.includes('ECONNREFUSED');
    await assert.rejects(files.put(Buffer.from('text'), { name: 'a', type: 'b' }), away);
    await assert.rejects(files.open(`${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}.${'A'.repeat(43)}`), away);
  });
});
