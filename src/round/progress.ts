export type Stage = 'freeze' | 'score' | 'rank' | 'verify' | 'publish'

/** Told as a stage goes on; `done` and `total` count applicants. The last call of a stage has `done` equal to `total`. */
export type Progress = (at: { stage: Stage; done: number; total: number }) => void

export const noProgress: Progress = () => {}
