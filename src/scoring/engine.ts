/** Version of scoring and ranking, kept with every run and every receipt. It changes when the same scheme and facts could give another result. */
export const engine = 'settlement-points 2'
