// A realm for a spec. All specs of a run share one Keycloak, for its start is most of what they would take (ADR 0057); a spec run alone starts its own.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { administration, redirectTo, startKeycloak } from './keycloak.mjs';
import { root } from './node24.mjs';

/** Where the server of the run is, and the word of its administrator. */
export const SHARED_KEYCLOAK = 'ATENEO_TEST_KEYCLOAK';
const IMPORTED = 'ateneo';

/** Starts the server of a run, for whoever the run starts; resolves to what ends it. */
export async function shareKeycloak() {
  const { url, password, stop } = await startKeycloak({ anyHost: true });
  process.env[SHARED_KEYCLOAK] = JSON.stringify({ url, password });
  return async () => {
    delete process.env[SHARED_KEYCLOAK];
    await stop();
  };
}

export async function openRealm({ name = IMPORTED, port = 0, publicUrl = undefined } = {}) {
  const shared = process.env[SHARED_KEYCLOAK];
  const server = shared ? { ...JSON.parse(shared), stop: () => undefined } : await startKeycloak({ anyHost: true });
  const way = await Way.to(Number(new URL(server.url).port), port);
  try {
    const administer = administration(server.url, server.password, `/${name}`);
    if (name !== IMPORTED) await administration(server.url, server.password, '')('POST', '', representation(name));
    if (publicUrl) await redirectTo(publicUrl, administer);
    const url = `http://localhost:${way.port}`;
    return {
      url,
      issuer: `${url}/realms/${name}`,
      adminUrl: `${url}/admin/realms/${name}`,
      administer,
      hang: () => way.hang(),
      wake: () => way.wake(),
      stop: async () => {
        await way.close();
        await server.stop();
      },
    };
  } catch (error) {
    await way.close();
    await server.stop();
    throw error;
  }
}

/** The realm of infra/keycloak under another name; a server keeps no two people under one id. */
function representation(name) {
  const realm = JSON.parse(readFileSync(join(root, 'infra/keycloak/ateneo-realm.json'), 'utf8'));
  return { ...realm, realm: name, users: realm.users.map(({ id: _, ...user }) => user) };
}

/** A port whose connections lead to another, until it hangs or is closed. */
class Way {
  #hangs = false;
  #sockets = new Set();
  #waiting = [];
  #server;
  #target;

  static async to(target, port) {
    const way = new Way();
    way.#target = target;
    way.#server = createServer({ pauseOnConnect: true }, (socket) => way.#take(socket));
    await new Promise((done, fail) => way.#server.once('error', fail).listen(port, '127.0.0.1', done));
    way.port = way.#server.address().port;
    return way;
  }

  /** Now, or when it hangs no longer. */
  #pass(act) {
    if (this.#hangs) this.#waiting.push(act);
    else act();
  }

  #take(socket) {
    this.#keep(socket);
    this.#pass(() => this.#lead(socket));
  }

  #lead(socket) {
    const far = this.#keep(connect(this.#target, '127.0.0.1'));
    for (const [from, to] of [
      [socket, far],
      [far, socket],
    ])
      from
        .on('data', (bytes) => this.#pass(() => to.write(bytes)))
        .on('end', () => this.#pass(() => to.end()))
        .once('close', () => this.#pass(() => to.destroy()));
    socket.resume();
  }

  #keep(socket) {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  hang() {
    this.#hangs = true;
  }

  wake() {
    this.#hangs = false;
    for (const act of this.#waiting.splice(0)) act();
  }

  async close() {
    if (!this.#server.listening) return;
    const closed = new Promise((done) => this.#server.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
