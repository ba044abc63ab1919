// Processes that must not outlive this one, whatever ends it.
const alive = new Set();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Ends the child by force when this process exits before it. */
export function killAtExit(child) {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
}
