// Programs that Go builds from a pinned release into a folder that git ignores.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../.servers/bin/', import.meta.url));
const suffix = process.platform === 'win32' ? '.exe' : '';

/** `name`: of the built program; `from`: its package; `version`: of the module, with its v; `buildMs`: what a build may take. */
export function goTool({ name, from, version, buildMs }) {
  const binary = join(folder, `${name}-${version}${suffix}`);
  const hasGo = () => spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
  return {
    binary,
    /** Why it cannot run here, or undefined where it is built; it takes minutes, so no test builds it. */
    missing: () => (existsSync(binary) ? undefined : `${name} is not in .servers/bin: npm run servers builds it where there is go`),
    /** Builds it where it is absent, in at most `withinMs`. A build that ran out of time goes on where it was the next time, by Go's own cache. */
    prepare(withinMs = buildMs) {
      const timeout = Math.min(buildMs, withinMs);
      if (existsSync(binary)) return { available: true };
      if (!hasGo()) return { available: false, because: `${name} is not in .servers/bin and go is not installed` };
      const half = join(folder, `building-${name}-${process.pid}`);
      mkdirSync(half, { recursive: true });
      const env = { ...process.env, GOBIN: half };
      const { status, error, stderr } = spawnSync('go', ['install', `${from}@${version}`], { env, encoding: 'utf8', timeout });
      if (status === 0) renameSync(join(half, `${basename(from)}${suffix}`), binary);
      rmSync(half, { recursive: true, force: true });
      if (status === 0) return { available: true };
      if (error?.code === 'ETIMEDOUT')
        return { available: false, because: `${name} was not built within ${Math.round(timeout / 1_000)} s` };
      throw new Error(`go install ${from}@${version}: ${error?.message ?? ''}${stderr}`);
    },
  };
}
