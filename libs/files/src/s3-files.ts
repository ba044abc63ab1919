import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Blobs, OpenedBlob } from './blobs.js';
import { SealedFiles } from './sealed-files.js';

export type S3Address = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** Absent: the environment's own credentials (AWS_ACCESS_KEY_ID …). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** Reads `s3://[key:secret@]host[:port]/bucket[?region=…&tls=false]`. Throws an Error that says the form, never the secret. */
export function readS3Address(url: string): S3Address {
  const parsed = URL.parse(url);
  const bucket = parsed?.pathname.slice(1);
  if (!parsed || parsed.protocol !== 's3:' || !parsed.host || !bucket || bucket.includes('/'))
    throw new Error('FILES_URL holds no S3 address: it may hold s3://[key:secret@]host[:port]/bucket[?region=…&tls=false]');
  const tls = parsed.searchParams.get('tls') !== 'false';
  const credentials = parsed.username
    ? { accessKeyId: decodeURIComponent(parsed.username), secretAccessKey: decodeURIComponent(parsed.password) }
    : undefined;
  return {
    endpoint: `${tls ? 'https' : 'http'}://${parsed.host}`,
    bucket,
    region: parsed.searchParams.get('region') ?? 'us-east-1',
    credentials,
  };
}

/** Files in a bucket of an S3 server. */
export class S3Files extends SealedFiles {
  constructor(address: S3Address) {
    super(new S3Blobs(address));
  }
}

/** The client library is loaded when a file is first asked for. */
class S3Blobs implements Blobs {
  #client: Promise<S3Client> | undefined;

  constructor(private readonly address: S3Address) {}

  async put(name: string, source: AsyncIterable<Uint8Array>): Promise<void> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const params = { Bucket: this.address.bucket, Key: name, Body: Readable.from(source, { objectMode: false }) };
    await new Upload({ client: await this.#connected(), params }).done();
  }

  async open(name: string): Promise<OpenedBlob | undefined> {
    const { GetObjectCommand, NoSuchKey } = await import('@aws-sdk/client-s3');
    const client = await this.#connected();
    try {
      const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: this.address.bucket, Key: name }));
      const chunks = Body as Readable;
      return { size: ContentLength, chunks, close: () => void chunks.destroy() };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async delete(name: string): Promise<void> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await (await this.#connected()).send(new DeleteObjectCommand({ Bucket: this.address.bucket, Key: name }));
  }

  #connected(): Promise<S3Client> {
    return (this.#client ??= this.#connect());
  }

  async #connect(): Promise<S3Client> {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const { endpoint, region, credentials } = this.address;
    return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 3 });
  }
}
