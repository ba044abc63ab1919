// Processes that must not outlive this one, whatever ends it: a shell reads their ids and ends them when its input ends, as it does with this process.
import { spawn } from 'node:child_process';

const GUARD = `
alive=' '
while read sign id; do
  case $sign in
    +) alive="$alive$id " ;;
    -) alive=$(printf '%s' "$alive" | sed "s/ $id / /") ;;
  esac
done
for id in $alive; do kill -9 "$id" 2>/dev/null; done`;

let guard;

function tell(line) {
  guard ??= startGuard();
  if (!guard.stdin.destroyed) guard.stdin.write(`${line}\n`);
}

function startGuard() {
  const child = spawn('sh', ['-c', GUARD], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  child.stdin.unref?.();
  return child;
}

/** Ends the child by force when this process ends before it; `group`: with all that it started, where it was started detached. */
export function killAtExit(child, { group = false } = {}) {
  if (child.pid === undefined) return;
  const id = group ? -child.pid : child.pid;
  tell(`+ ${id}`);
  child.once('exit', () => tell(`- ${id}`));
}
