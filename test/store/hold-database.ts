// Run as a child: starts the embedded server on a folder, tells its URL, and holds it until it is killed or told to stop.
import { startEmbedded } from '../../src/store/embedded/start.ts'

const embedded = await startEmbedded({ dataDir: process.argv[2] as string })
process.on('SIGTERM', async () => {
  await embedded.stop()
  process.exit(0)
})
console.log(embedded.url)
setInterval(() => {}, 1000)
