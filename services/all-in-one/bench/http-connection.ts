import { connect, type Socket } from 'node:net';

export type Answer = { readonly status: number; readonly body: string };
export type Ask = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly body?: string;
  readonly type?: string;
  readonly commandId?: string;
};
type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void };

const END_OF_HEAD = '\r\n\r\n';

/** One kept-alive HTTP/1.1 connection, a request at a time: as light as a client can be, so that the server is what is measured. */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Waiting | undefined;

  private constructor(
    socket: Socket,
    private readonly host: string,
  ) {
    this.#socket = socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#lose(error));
    socket.on('close', () => this.#lose(new Error('the connection was closed')));
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new HttpConnection(socket, host);
  }

  send({ method, path, token, body, type = 'application/json', commandId }: Ask): Promise<Answer> {
    const headers = [`${method} ${path} HTTP/1.1`, `host: ${this.host}`];
    if (token) headers.push(`authorization: Bearer ${token}`);
    if (commandId) headers.push(`idempotency-key: ${commandId}`);
    if (body !== undefined) headers.push(`content-type: ${type}`, `content-length: ${Buffer.byteLength(body)}`);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(`${headers.join('\r\n')}${END_OF_HEAD}${body ?? ''}`);
    });
  }

  /** As `send`, with the body read as JSON. Throws where the answer is no success. */
  async json<T>(ask: Ask): Promise<T> {
    const { status, body } = await this.send(ask);
    if (status >= 300) throw new Error(`${ask.method} ${ask.path} answered ${status} ${body.slice(0, 500)}`);
    return JSON.parse(body) as T;
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    const from = end + END_OF_HEAD.length;
    if (Number.isNaN(length)) return this.#lose(new Error(`an answer without a length: ${head}`));
    if (this.#received.length < from + length) return;
    const body = this.#received.toString('utf8', from, from + length);
    this.#received = this.#received.subarray(from + length);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  #lose(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
