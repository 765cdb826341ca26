import { terminalEnvironment } from '../../config.ts'
import { type ProgressView, progressView } from './progress.ts'
import { drawsBlocks } from './terminal.ts'

/** How wide a stream's terminal is and whether it shows block characters. */
export function terminal(output: NodeJS.WriteStream): { columns: number; blocks: boolean } {
  return { columns: output.columns ?? 80, blocks: drawsBlocks(terminalEnvironment()) }
}

/** Shows the progress of a run on a stream: a bar on a terminal, plain lines elsewhere. */
export function progressOn(output: NodeJS.WriteStream): ProgressView {
  const { blocks } = terminal(output)
  return progressView({ output, terminal: output.isTTY === true, blocks, now: () => performance.now() })
}
