import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const bench = resolve(import.meta.dirname, '..')

/**
 * Installs the other engines in bench/node_modules, in the versions of bench/package-lock.json, unless they are there. Not by `npm ci`: it refuses a
 * lock file without every platform of zen-engine, and not every registry has them all in this version.
 */
export function installPeers(): void {
  const versions = Object.entries(packageIn(bench).dependencies as { [name: string]: string })
  const there = ([name, version]: [string, string]) => packageIn(resolve(bench, 'node_modules', name)).version === version
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  if (!versions.every(there)) execFileSync('npm', install, { cwd: bench, stdio: ['ignore', 2, 2] })
}

function packageIn(folder: string): { version?: string; dependencies?: { [name: string]: string } } {
  const file = resolve(folder, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
