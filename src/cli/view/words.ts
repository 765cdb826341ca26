import type { Answer } from '../../scoring/explanation.ts'

export type Language = 'en' | 'zh-CN'

/** The words an explanation is told in. Figures come as texts and are not turned into numbers. */
export type Words = {
  heading(scheme: string, version: string, asOf: string): string
  gates: string
  points: string
  totals: string
  /** How a gate was answered. */
  answers: Record<Answer, string>
  yes: string
  no: string
  rule(ref: string, article: string | undefined): string
  assumption(text: string): string
  of(points: string, possible: string): string
  atLeast(points: string): string
  open: string
  colon: string
  /** Before a bracket. */
  gap: string
  /** Between the members of a list. */
  comma: string
  semicolon: string
  none: string
  records(count: number, declared: number): string
  noRecords: string
  attested(source: string): string
  missing: string
  asked(test: string): string
  tests: Record<string, (figure: string) => string>
  not(test: string): string
  rowOf(item: string, row: string): string
  rate(points: string, per: string | null, unit: string, count: string): string
  units(count: string): string
  gives(points: string): string
  row(row: string, points: string): string
  noRow: string
  band(from: string | null, below: string | null): string
  outsideBands: string
  sum: string
  highest: string
  cut(cap: string, before: string): string
  raised(floor: string, before: string): string
  raisedSum(floor: string): string
  notReached(cap: string | null, floor: string | null): string
  rounded(mode: string, scale: string, before: string, after: string): string
  takenAway: string
  because(what: string): string
  otherwise: string
  notDecided: string
  /** A part of a sum that has no title. */
  part(number: number): string
  lowerBoundItem: string
  openItem: string
  known: Record<'exact' | 'lower-bound' | 'undetermined', string>
  passed: string
  failed(gates: string): string
  notKnown(gates: string): string
}

const plural = (count: string, one: string) => (count === '1' ? `1 ${one}` : `${count} ${one}s`)
/** Whether two decimal texts are the same figure: 0.5 and 0.50. */
function sameFigure(a: string, b: string): boolean {
  const plain = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  return plain(a) === plain(b)
}

const englishModes: Record<string, string> = { 'half-up': 'half up', 'half-even': 'half to even', floor: 'down', ceiling: 'up' }
const chineseModes: Record<string, string> = {
  'half-up': '四舍五入',
  'half-even': '四舍六入五成双',
  floor: '向下取整',
  ceiling: '向上取整',
}

const english: Words = {
  heading: (scheme, version, asOf) => `Scheme ${scheme} ${version}, as of ${asOf}`,
  gates: 'Gates',
  points: 'Points',
  totals: 'Totals',
  answers: { yes: 'yes', no: 'NO', missing: 'MISSING' },
  yes: 'yes',
  no: 'no',
  rule: (ref, article) => (article === undefined ? `Rule: ${ref}` : `Rule: ${ref}, ${article}`),
  assumption: text => `Assumption: ${text}`,
  of: (points, possible) => `${points} of ${possible}`,
  atLeast: points => `at least ${points}`,
  open: 'open',
  colon: ': ',
  gap: ' ',
  comma: ', ',
  semicolon: '; ',
  none: 'none',
  records: (count, declared) => `(${plural(String(count), 'record')}${declared > 0 ? `, ${declared} only declared` : ''})`,
  noRecords: '(nothing on record)',
  attested: source => `(attested by ${source})`,
  missing: 'MISSING, no register has answered',
  asked: test => `asked: ${test}`,
  tests: {
    is: figure => figure,
    holds: figure => figure,
    atLeast: figure => `at least ${figure}`,
    atMost: figure => `at most ${figure}`,
    below: figure => `less than ${figure}`,
    above: figure => `more than ${figure}`,
    equals: figure => `exactly ${figure}`,
  },
  not: test => `not ${test}`,
  rowOf: (item, row) => `row taken under ${item}: ${row}`,
  rate(points, per, unit, count) {
    const each = per === null ? unit : `${per} ${unit}`
    if (count === 'whole') return `${plural(points, 'point')} for each full ${each}`
    if (count === 'begun') return `${plural(points, 'point')} for each ${each} begun`
    return `${plural(points, 'point')} for each ${each}${per === null ? '' : ', in proportion'}`
  },
  units: count => `${plural(count, 'time')}, `,
  gives: points => plural(points, 'point'),
  row: (row, points) => `The best row that applies is ${row}: ${points}`,
  noRow: 'No row applies',
  band: (from, below) =>
    from === null
      ? `In the band below ${below}`
      : below === null
        ? `In the band from ${from}`
        : `In the band from ${from} to below ${below}`,
  outsideBands: 'Outside the bands',
  sum: 'Sum',
  highest: 'The highest of these',
  cut: (cap, before) => `At most ${cap}: ${before} is cut to it`,
  raised: (floor, before) => `At least ${floor}: ${before} is raised to it`,
  raisedSum: floor => `At least ${floor}: the sum is raised to it`,
  notReached: (cap, floor) =>
    [cap !== null && `At most ${cap}: not reached`, floor !== null && `At least ${floor}: reached`].filter(Boolean).join('; '),
  rounded: (mode, scale, before, after) =>
    `Rounded ${englishModes[mode] ?? mode} to ${plural(scale, 'decimal')}: ${sameFigure(before, after) ? 'changes nothing' : `${before} becomes ${after}`}`,
  takenAway: 'Taken away',
  because: what => `Because of ${what}`,
  otherwise: 'None of the conditions holds',
  notDecided: 'Which case holds is not known',
  part: number => `part ${number}`,
  lowerBoundItem: 'Evidence is missing, so this is the least it can be.',
  openItem: 'A check is missing that could take points away, so this is open.',
  known: {
    exact: 'exact: no evidence is missing',
    'lower-bound': 'a lower bound: evidence that is missing may add points',
    undetermined: 'open: a check is missing that could take points away',
  },
  passed: 'All gates are passed.',
  failed: gates => `Not passed: ${gates}.`,
  notKnown: gates => `Not known for lack of evidence: ${gates}.`,
}

const chinese: Words = {
  heading: (scheme, version, asOf) => `方案 ${scheme} ${version}，截止日期 ${asOf}`,
  gates: '申请条件',
  points: '各项得分',
  totals: '总分',
  answers: { yes: '符合', no: '不符合', missing: '缺材料' },
  yes: '是',
  no: '否',
  rule: (ref, article) => (article === undefined ? `依据：${ref}` : `依据：${ref}，${article}`),
  assumption: text => `假定：${text}`,
  of: (points, possible) => `${points} / ${possible}`,
  atLeast: points => `至少 ${points}`,
  open: '未定',
  colon: '：',
  gap: '',
  comma: '、',
  semicolon: '；',
  none: '无',
  records: (count, declared) => `（记录 ${count} 条${declared > 0 ? `，其中 ${declared} 条仅为自报` : ''}）`,
  noRecords: '（登记机关无记录）',
  attested: source => `（由 ${source} 直接证明）`,
  missing: '缺失，登记机关尚未答复',
  asked: test => `要求：${test}`,
  tests: {
    is: figure => figure,
    holds: figure => figure,
    atLeast: figure => `不少于 ${figure}`,
    atMost: figure => `不多于 ${figure}`,
    below: figure => `少于 ${figure}`,
    above: figure => `多于 ${figure}`,
    equals: figure => `等于 ${figure}`,
  },
  not: test => `并非${test}`,
  rowOf: (item, row) => `“${item}”采用的档次：${row}`,
  rate(points, per, unit, count) {
    const each = `${per ?? 1} ${unit === '月' ? '个月' : unit}`
    if (count === 'whole') return `每满 ${each}计 ${points} 分`
    if (count === 'begun') return `每 ${each}计 ${points} 分，不足的按一次计`
    return per === null ? `每 ${each}计 ${points} 分` : `每 ${each}计 ${points} 分，按比例折算`
  },
  units: count => `共 ${count} 次，`,
  gives: points => `${points} 分`,
  row: (row, points) => `符合的最高档次为“${row}”：${points}`,
  noRow: '无符合的档次',
  band: (from, below) =>
    from === null ? `属于 ${below} 以下一档` : below === null ? `属于 ${from} 及以上一档` : `属于 ${from} 至 ${below}（不含）一档`,
  outsideBands: '不在各档之内',
  sum: '合计',
  highest: '取其中最高的',
  cut: (cap, before) => `最多 ${cap} 分：${before} 减至上限`,
  raised: (floor, before) => `最少 ${floor} 分：${before} 提至下限`,
  raisedSum: floor => `最少 ${floor} 分：合计提至下限`,
  notReached: (cap, floor) =>
    [cap !== null && `最多 ${cap} 分：未达上限`, floor !== null && `最少 ${floor} 分：已达下限`].filter(Boolean).join('；'),
  rounded: (mode, scale, before, after) =>
    `${chineseModes[mode] ?? mode}，保留 ${scale} 位小数：${sameFigure(before, after) ? '无变化' : `${before} 成为 ${after}`}`,
  takenAway: '扣分',
  because: what => `因${what}`,
  otherwise: '各条件均不成立',
  notDecided: '尚不知属于哪种情形',
  part: number => `第 ${number} 部分`,
  lowerBoundItem: '缺少材料，此为最低得分。',
  openItem: '缺少可能扣分的核查，得分未定。',
  known: {
    exact: '准确：材料齐全',
    'lower-bound': '最低分：所缺材料可能加分',
    undetermined: '未定：缺少可能扣分的核查',
  },
  passed: '各项条件均符合。',
  failed: gates => `不符合：${gates}。`,
  notKnown: gates => `因缺材料尚不能确定：${gates}。`,
}

export const words: Record<Language, Words> = { en: english, 'zh-CN': chinese }
