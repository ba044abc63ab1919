import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mongo } from 'mongoose';

type Document = Readonly<Record<string, unknown>>;
const { BSON } = mongo;
const [OP_REPLY, OP_QUERY, OP_MSG] = [1, 2004, 2013];
const ROUNDS = 4096;
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Speaks MongoDB's wire protocol as a mongod with `--replSet` and no configuration does: enough for mongosh to sign in, initiate it and make users. */
export class FakeMongod {
  /** Commands that change something, as they came. */
  readonly done: Document[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #users = new Set<string>();
  #initiated = false;

  private constructor(private readonly password: string) {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async open(password: string): Promise<FakeMongod> {
    const opened = new FakeMongod(password);
    await new Promise<void>((listening) => opened.#server.listen(0, '127.0.0.1', listening));
    return opened;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((closed) => this.#server.close(closed));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const signing = new Scram(this.password);
    let bytes = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (; bytes.length >= 4 && bytes.length >= bytes.readInt32LE(0); bytes = bytes.subarray(bytes.readInt32LE(0)))
        socket.write(this.#reply(bytes.subarray(0, bytes.readInt32LE(0)), signing));
    });
  }

  #reply(message: Buffer, signing: Scram): Buffer {
    const [id, opcode] = [message.readInt32LE(4), message.readInt32LE(12)];
    const body = opcode === OP_QUERY ? message.subarray(message.indexOf(0, 20) + 9) : message.subarray(21);
    const answer = BSON.serialize(this.#answer(BSON.deserialize(body.subarray(0, body.readInt32LE(0))), signing));
    const before = opcode === OP_QUERY ? Buffer.alloc(20) : Buffer.alloc(5);
    if (opcode === OP_QUERY) before.writeInt32LE(1, 16);
    const header = Buffer.alloc(16);
    header.writeInt32LE(16 + before.length + answer.length, 0);
    header.writeInt32LE(id, 8);
    header.writeInt32LE(opcode === OP_QUERY ? OP_REPLY : OP_MSG, 12);
    return Buffer.concat([header, before, answer]);
  }

  #answer(command: Document, signing: Scram): Document {
    const [name = ''] = Object.keys(command);
    if (['hello', 'ismaster', 'isMaster'].includes(name)) return this.#hello();
    if (name === 'saslStart' || name === 'saslContinue') return signing.answer(command);
    if (!signing.done) return refusal(13, 'Unauthorized', `${name} requires authentication`);
    if (name === 'replSetGetStatus' && !this.#initiated) return refusal(94, 'NotYetInitialized', 'no replset config has been received');
    if (name === 'usersInfo') return { ok: 1, users: this.#users.has(userOf(command)) ? [{ user: userOf(command), db: 'admin' }] : [] };
    if (/^(replSetInitiate|createUser|updateUser)$/.test(name)) {
      const { [name]: what, pwd, roles } = command;
      this.done.push({ [name]: what, ...(pwd === undefined ? {} : { pwd, roles }) });
      if (name === 'replSetInitiate') this.#initiated = true;
      else this.#users.add(String(what));
    }
    return { ok: 1 };
  }

  #hello(): Document {
    const role = this.#initiated ? { setName: 'rs0', hosts: [this.host], me: this.host } : { isreplicaset: true };
    const limits = { maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 };
    const wire = { minWireVersion: 0, maxWireVersion: 25, saslSupportedMechs: ['SCRAM-SHA-256'], helloOk: true };
    return { ok: 1, isWritablePrimary: this.#initiated, ismaster: this.#initiated, secondary: false, ...role, ...limits, ...wire };
  }
}

/** SCRAM-SHA-256 of one connection (RFC 7677), for one password. */
class Scram {
  done = false;
  readonly #salt = randomBytes(28);
  #first = '';
  #bare = '';

  constructor(private readonly password: string) {}

  answer(command: Document): Document {
    const given = Buffer.from((command['payload'] as mongo.Binary).buffer).toString();
    if ('saslStart' in command) {
      this.#bare = given.slice('n,,'.length);
      const nonce = /r=([^,]+)/.exec(this.#bare)?.[1];
      this.#first = `r=${nonce}${randomBytes(18).toString('base64')},s=${this.#salt.toString('base64')},i=${ROUNDS}`;
      return step(this.#first, false);
    }
    const [unproved = '', proof = ''] = given.split(',p=');
    const salted = pbkdf2Sync(this.password, this.#salt, ROUNDS, 32, 'sha256');
    const text = `${this.#bare},${this.#first},${unproved}`;
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash('sha256').update(clientKey).digest(), text);
    this.done = clientKey.every((byte, i) => (byte ^ (signature[i] ?? 0)) === Buffer.from(proof, 'base64')[i]);
    if (!this.done) return refusal(18, 'AuthenticationFailed', 'Authentication failed.');
    return step(`v=${hmac(hmac(salted, 'Server Key'), text).toString('base64')}`, true);
  }
}

const step = (payload: string, done: boolean): Document => ({
  ok: 1,
  conversationId: 1,
  done,
  payload: new mongo.Binary(Buffer.from(payload)),
});
const refusal = (code: number, codeName: string, errmsg: string): Document => ({ ok: 0, code, codeName, errmsg });
const userOf = ({ usersInfo }: Document): string => String((usersInfo as { user?: unknown }).user ?? usersInfo);
