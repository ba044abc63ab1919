import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

type DriverConnection = { readonly socket: Socket; writeCommand(...command: unknown[]): Promise<void> };

let woken = false;

/**
 * The driver (mongodb 7.8) waits for ever where it writes to a socket that was destroyed a moment ago and has not said so: `write` answers false, and 'drain'
 * never comes. What waits so may be its check of the server, and then no operation of this process finds a server again, whether there is one or not. Here whoever
 * waits is woken when the socket has closed, and finds the connection closed.
 */
export function wakeAtClose(): void {
  if (woken) return;
  woken = true;
  const mongoose = createRequire(import.meta.url).resolve('mongoose');
  const { Connection } = createRequire(mongoose)('mongodb/lib/cmap/connection.js') as { Connection: { prototype: DriverConnection } };
  const { prototype } = Connection;
  const write = prototype.writeCommand;
  const met = new WeakSet<Socket>();
  prototype.writeCommand = function writeCommand(this: DriverConnection, ...command) {
    const { socket } = this;
    if (!met.has(socket)) {
      met.add(socket);
      socket.once('close', () => socket.emit('drain'));
    }
    return write.apply(this, command);
  };
}
