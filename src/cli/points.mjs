// The door for every Node: an older one cannot even parse main.ts, so it must be told here.
if (process.features.typescript) {
  await import('./main.ts')
} else {
  process.stderr.write(`points: this program needs Node 22.18 or later, this is ${process.version}; run it by npm, which brings its own\n`)
  process.exitCode = 70
}
