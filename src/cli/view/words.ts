import type { Answer } from '../../scoring/explanation.ts'
import type { Eligible } from '../../scoring/score.ts'

export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

/** The words an explanation is told in. Figures come as texts and are not turned into numbers. */
export type Words = {
  /** By the name of the scheme, or by its title. */
  heading(scheme: string, version: string, asOf: string): string
  headingOf(title: string, version: string, asOf: string): string
  applicant(id: string): string
  incomplete(absent: string): string
  gates: string
  freezes: string
  points: string
  totals: string
  /** How a gate was answered, and whether a freeze holds. */
  answers: Record<Answer, string>
  frozen: Record<Answer, string>
  yes: string
  no: string
  /** By the name of the source, or by its title. */
  rule(ref: string, article: string | undefined): string
  ruleOf(title: string, article: string | undefined): string
  assumption(text: string): string
  of(points: string, possible: string): string
  atLeast(points: string): string
  open: string
  colon: string
  /** Before a bracket. */
  gap: string
  /** Between the members of a list. */
  comma: string
  /** Between the parts of a sentence. */
  clause: string
  semicolon: string
  plus: string
  /** Between codes that are needed together. */
  both: string
  none: string
  /** How many count, how many of them are only declared, and how many more do not count. */
  records(count: number, declared: number, leftOut: number): string
  noRecords: string
  /** There are records, and the measure counts none of them. */
  noneCounted(count: number): string
  /** None counts; whether there are others is not known. */
  noneCounts: string
  notCounted: string
  moreNotCounted(count: number): string
  /** Why a record does not count. */
  later(day: string): string
  earlier(day: string): string
  otherSort: string
  otherSortOrTime: string
  notTaken: string
  /** What a record or a calendar year is brought down to. */
  limits(unit: string | undefined, atMost: string | undefined): string
  countsAs(amount: string): string
  eachRecord(limits: string): string
  byYear: string
  inYear(year: string, sum: string): string
  eachYear(limits: string, value: string): string
  declared: string
  stretch(from: string, to: string): string
  since(from: string): string
  attested(source: string): string
  missing: string
  /** Records are there, and they do not tell it. */
  notSettled: string
  /** The stretch of time in which records count. */
  window(from: string | undefined, until: string | undefined): string
  /** How a measure is made of others. */
  made: Record<string, (parts: string[]) => string>
  referenceDate(day: string): string
  /** A date that is given by a record of the applicant. */
  dateOfRecord(kind: string, which: string): string
  asked(test: string): string
  tests: Record<string, (figure: string) => string>
  /** Those of an age in completed years. */
  ages: Record<string, (figure: string) => string>
  within(from: string | undefined, until: string | undefined): string
  not(test: string): string
  oneOf: string
  allOf: string
  pointsOf: string
  rowOf(item: string, row: string): string
  rate(points: string, per: string | null, unit: string, count: string, counted: { after: string | null; upTo: string | null }): string
  units(count: string): string
  gives(points: string): string
  row(row: string, points: string): string
  noRow: string
  band(from: string | null, below: string | null): string
  outsideBands: string
  cell(row: string, column: string, points: string): string
  /** A row or column of a table. */
  range(from: string, below: string | null): string
  place(number: number): string
  noCell: string
  sum: string
  highest: string
  lowest: string
  percent(percent: string, before: string): string
  share(before: string, divisor: string, more: string | null): string
  /** Of `each`. */
  bestOnly(count: string): string
  leftOut: string
  cutYear(year: string, before: string, cap: string): string
  perYear(cap: string): string
  settled(points: string): string
  cut(cap: string, before: string): string
  raised(floor: string, before: string): string
  raisedSum(floor: string): string
  notReached(cap: string | null, floor: string | null, points: string): string
  rounded(mode: string, scale: string, before: string, after: string): string
  roundedTo(mode: string, scale: string): string
  takenAway: string
  because(what: string): string
  failing(what: string): string
  otherwise: string
  notDecided: string
  /** A part of a sum that has no title. */
  part(number: number): string
  lowerBoundItem: string
  openItem: string
  known: Record<'exact' | 'lower-bound' | 'undetermined', string>
  passed: string
  /** Why it is open whether somebody is eligible; of one total where there are several. */
  undecided(unchecked: string[], incomplete: boolean, total: string | undefined): string
  stop: string
  failed(gates: string): string
  notKnown(gates: string): string
  frozenBy(freezes: string): string
  eligible: Record<Eligible, string>
  missingKinds(kinds: string): string
  unusedKinds(kinds: string): string
  notices: string
  measuresDiffer(check: string, measures: string): string
  attestedDiffers(measure: string): string
  sources: string
  /** How a source was read. */
  marks: Record<string, string>
  prospects: string
  possible(points: string): string
  mostReached: string
  nothingTaken: string
  noLimit: string
  rises(date: string, points: string): string
  falls(date: string, points: string): string
  amountWay(to: string, from: string, title: string, unit: string | null): string
  answerWay(title: string, to: string, from: string): string
  codesWay(codes: string, title: string): string
  moreWays(count: number): string
  noWay: string
  notPredicted: string
  notKnownYet: string
}

/** Where no other source is named, the applicant is the source. */
const applicant = 'applicant'

const plural = (count: string, one: string) => (count === '1' ? `1 ${one}` : `${count} ${one}s`)
/** Whether two decimal texts are the same figure: 0.5 and 0.50. */
function sameFigure(a: string, b: string): boolean {
  const plain = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  return plain(a) === plain(b)
}

/** "2 of them only declared", unless it is all of them. */
function declaredOf(count: number, declared: number, some: string, all: string, one: string): string {
  if (declared === 0) return ''
  return declared < count ? some : count === 1 ? one : all
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
  headingOf: (title, version, asOf) => `${title}, version ${version}, as of ${asOf}`,
  applicant: id => `Applicant ${id}`,
  incomplete: absent => `The scheme is incomplete, so every total is a lower bound. It lacks: ${absent}.`,
  gates: 'Gates',
  freezes: 'Freezes',
  points: 'Points',
  totals: 'Totals',
  answers: { yes: 'yes', no: 'NO', missing: 'MISSING' },
  frozen: { yes: 'FROZEN', no: 'no', missing: 'MISSING' },
  yes: 'yes',
  no: 'no',
  rule: (ref, article) => (article === undefined ? `Rule: ${ref}` : `Rule: ${ref}, ${article}`),
  ruleOf: (title, article) => english.rule(title, article),
  assumption: text => `Assumption: ${text}`,
  of: (points, possible) => `${points} of ${possible}`,
  atLeast: points => `at least ${points}`,
  open: 'open',
  colon: ': ',
  gap: ' ',
  comma: ', ',
  clause: ', ',
  semicolon: '; ',
  plus: ' + ',
  both: ' and ',
  none: 'none',
  records(count, declared, leftOut) {
    const only = declaredOf(count, declared, `, ${declared} only declared`, ', all only declared', ', only declared')
    return `(${plural(String(count), 'record')}${only}${leftOut > 0 ? `; ${leftOut} more not counted` : ''})`
  },
  noRecords: '(nothing on record)',
  noneCounted: count => (count === 1 ? '(1 record, not counted)' : `(${count} records, none of them counted)`),
  noneCounts: '(no record that counts)',
  notCounted: 'not counted',
  moreNotCounted: count => `and ${plural(String(count), 'record')} more not counted`,
  later: day => `later than ${day}`,
  earlier: day => `before ${day}`,
  otherSort: 'not of the sort that counts',
  otherSortOrTime: 'not of the sort or the time that counts',
  notTaken: 'not the one that is taken',
  limits: (unit, atMost) => [unit && `only full multiples of ${unit}`, atMost && `at most ${atMost}`].filter(Boolean).join(', '),
  countsAs: amount => `counts as ${amount}`,
  eachRecord: limits => `of each record ${limits}`,
  byYear: 'by calendar year',
  inYear: (year, sum) => `${year} ${sum}`,
  eachYear: (limits, value) => `of each calendar year ${limits}: ${value} in all`,
  declared: 'only declared',
  stretch: (from, to) => `${from} to ${to}`,
  since: from => `since ${from}`,
  attested: source => `(attested by ${source === applicant ? 'the applicant' : source})`,
  missing: 'MISSING, no register has answered',
  notSettled: 'MISSING, the records that are there do not settle it',
  window: (from, until) => `counted ${[from && `from ${from}`, until && `until ${until}`].filter(Boolean).join(' ')}`,
  made: {
    wholeYears: ([of]) => `full years of 12 months: ${of}`,
    least: parts => `the smallest of: ${parts.join('; ')}`,
    greatest: parts => `the largest of: ${parts.join('; ')}`,
    added: parts => `together: ${parts.join(' + ')}`,
    difference: ([of, less]) => `${of} less ${less}, at least 0`,
  },
  referenceDate: day => `the reference date ${day}`,
  dateOfRecord: (kind, which) => `the day on which the ${which} record begins of: ${kind}`,
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
  ages: { atLeast: figure => `${figure} or older`, below: figure => `under ${figure}` },
  within: (from, until) => [from && `from ${from}`, until && `until ${until}`].filter(Boolean).join(' '),
  not: test => `not ${test}`,
  oneOf: 'One of these would have been enough:',
  allOf: 'All of these together:',
  pointsOf: 'points',
  rowOf: (item, row) => `row taken under ${item}: ${row}`,
  rate(points, per, unit, count, { after, upTo }) {
    const each = per === null ? unit : `${per} ${unit}`
    const counted = `${after === null ? '' : `, beyond the first ${after}`}${upTo === null ? '' : `, up to ${upTo}`}`
    if (count === 'whole') return `${plural(points, 'point')} for each full ${each}${counted}`
    if (count === 'begun') return `${plural(points, 'point')} for each ${each} begun${counted}`
    return `${plural(points, 'point')} for each ${each}${per === null ? '' : ', in proportion'}${counted}`
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
  cell: (row, column, points) => `In the table at row ${row}, column ${column}: ${points}`,
  range: (from, below) => (below === null ? `from ${from}` : `from ${from} to below ${below}`),
  place: number => String(number),
  noCell: 'No place of the table applies',
  sum: 'Sum',
  highest: 'The highest of these',
  lowest: 'The lowest of these',
  percent: (percent, before) => `${percent} % of ${before}`,
  share: (before, divisor, more) => `${before} divided by ${divisor}${more === null ? '' : ` (${more} more than these)`}`,
  bestOnly: count =>
    count === '1' ? 'Only the one record with the most points counts' : `Only the ${count} records with the most points count`,
  leftOut: 'does not count',
  cutYear: (year, before, cap) => `At most ${cap} a calendar year: in ${year} ${before} is cut to it`,
  perYear: cap => `At most ${cap} a calendar year: no year has more`,
  settled: points => `The same whatever is missing: ${points}`,
  cut: (cap, before) => `At most ${cap}: ${before} is cut to it`,
  raised: (floor, before) => `At least ${floor}: ${before} is raised to it`,
  raisedSum: floor => `At least ${floor}: the sum is raised to it`,
  notReached: (cap, floor, points) =>
    [
      cap !== null && `At most ${cap}: ${sameFigure(cap, points) ? 'just reached, unchanged' : 'not reached'}`,
      floor !== null && `At least ${floor}: ${sameFigure(floor, points) ? 'just reached' : 'above the floor'}, unchanged`,
    ]
      .filter(Boolean)
      .join('; '),
  rounded: (mode, scale, before, after) =>
    `Rounded ${englishModes[mode] ?? mode} to ${plural(scale, 'decimal')}: ${sameFigure(before, after) ? 'changes nothing' : `${before} becomes ${after}`}`,
  roundedTo: (mode, scale) => `rounded ${englishModes[mode] ?? mode} to ${plural(scale, 'decimal')}`,
  takenAway: 'Taken away',
  because: what => `Because of ${what}`,
  failing: what => `Does not hold: ${what}`,
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
  passed: 'All gates are passed',
  undecided(unchecked, incomplete, total) {
    const named = unchecked.map(title => `"${title}"`).join(', ')
    const reasons = [
      named && `${named} ${unchecked.length === 1 ? 'has' : 'have'} not been checked`,
      incomplete && 'the scheme is incomplete',
    ]
    const of = total === undefined ? '' : ` for ${total}`
    return `eligibility${of} is not known yet, because ${reasons.filter(Boolean).join(' and ')}`
  },
  stop: '.',
  failed: gates => `Not passed: ${gates}.`,
  notKnown: gates => `Not known for lack of evidence: ${gates}.`,
  frozenBy: freezes => `The points stay, but cannot be used while this holds: ${freezes}.`,
  eligible: { yes: 'Eligible: yes', no: 'Eligible: no', undetermined: 'Eligible: not known yet' },
  missingKinds: kinds => `Evidence that no register has given: ${kinds}.`,
  unusedKinds: kinds => `Evidence that these rules do not ask for: ${kinds}.`,
  notices: 'To be looked at (no point depends on it)',
  measuresDiffer: (check, measures) => `${check}: these should agree and do not: ${measures}`,
  attestedDiffers: measure => `${measure}: the evidence says otherwise; what is attested counts`,
  sources: 'Sources',
  marks: {
    R: 'read in the official text',
    RS: 'read in a secondary page',
    DATA: 'computed from published lists',
    OWN: 'not verified',
  },
  prospects: 'What would change it',
  possible: points => `${plural(points, 'point')} below the most that anybody can get`,
  mostReached: 'Nobody can have more',
  nothingTaken: 'Nothing taken away',
  noLimit: 'The scheme names no limit for it',
  rises: (date, points) => `If nothing happens and all goes on, it rises on ${date} to ${plural(points, 'point')}`,
  falls: (date, points) => `If nothing happens and all goes on, it falls on ${date} to ${plural(points, 'point')}`,
  amountWay: (to, from, title, unit) =>
    unit === null ? `With ${to} instead of ${from} ${title}` : `With ${to} instead of ${from} ${unit} (${title})`,
  answerWay: (title, to, from) => `With "${to}" instead of "${from}" (${title})`,
  codesWay: (codes, title) => `With ${codes} as well (${title})`,
  moreWays: count => `and ${plural(String(count), 'way')} more`,
  noWay: 'No single change gives more',
  notPredicted: 'Ways to more: not predicted here',
  notKnownYet: 'Not known before the missing evidence is there',
}

const chinese: Words = {
  heading: (scheme, version, asOf) => `方案 ${scheme} ${version}，截止日期 ${asOf}`,
  headingOf: (title, version, asOf) => `${title}，版本 ${version}，截止日期 ${asOf}`,
  applicant: id => `申请人 ${id}`,
  incomplete: absent => `本方案不完整，各总分均为最低分。所缺部分：${absent}。`,
  gates: '申请条件',
  freezes: '积分冻结',
  points: '各项得分',
  totals: '总分',
  answers: { yes: '符合', no: '不符合', missing: '缺材料' },
  frozen: { yes: '冻结', no: '未冻结', missing: '缺材料' },
  yes: '是',
  no: '否',
  rule: (ref, article) => (article === undefined ? `依据：${ref}` : `依据：${ref}，${article}`),
  ruleOf(title, article) {
    const quoted = title.includes('《') ? title : `《${title}》`
    return quoted.endsWith('》') ? `依据：${quoted}${article ?? ''}` : chinese.rule(quoted, article)
  },
  assumption: text => `假定：${text}`,
  of: (points, possible) => `${points} / ${possible}`,
  atLeast: points => `至少 ${points}`,
  open: '未定',
  colon: '：',
  gap: '',
  comma: '、',
  clause: '，',
  semicolon: '；',
  plus: ' + ',
  both: '并',
  none: '无',
  records(count, declared, leftOut) {
    const only = declaredOf(count, declared, `，其中 ${declared} 条仅为自报`, '，均仅为自报', '，仅为自报')
    return `（记录 ${count} 条${only}${leftOut > 0 ? `；另有 ${leftOut} 条不计入` : ''}）`
  },
  noRecords: '（登记机关无记录）',
  noneCounted: count => `（有记录 ${count} 条，均不计入）`,
  noneCounts: '（无可计入的记录）',
  notCounted: '不计入',
  moreNotCounted: count => `另有 ${count} 条不计入`,
  later: day => `晚于 ${day}`,
  earlier: day => `早于 ${day}`,
  otherSort: '不属于所计类别',
  otherSortOrTime: '不属于所计类别或时段',
  notTaken: '不是所取的一条',
  limits: (unit, atMost) => [unit && `只计 ${unit} 的整数倍`, atMost && `最多计 ${atMost}`].filter(Boolean).join('，'),
  countsAs: amount => `计 ${amount}`,
  eachRecord: limits => `每条记录${limits}`,
  byYear: '按自然年合计',
  inYear: (year, sum) => `${year} 年 ${sum}`,
  eachYear: (limits, value) => `每个自然年${limits}：共 ${value}`,
  declared: '仅为自报',
  stretch: (from, to) => `${from} 至 ${to}`,
  since: from => `${from} 起`,
  attested: source => (source === applicant ? '（由申请人本人证明）' : `（由 ${source} 直接证明）`),
  missing: '缺失，登记机关尚未答复',
  notSettled: '缺失，已有记录不足以确定',
  window: (from, until) => `计算${[from && `自 ${from} 起`, until && `至 ${until} 止`].filter(Boolean).join('')}`,
  made: {
    wholeYears: ([of]) => `每满 12 个月计 1 年：${of}`,
    least: parts => `取最小：${parts.join('；')}`,
    greatest: parts => `取最大：${parts.join('；')}`,
    added: parts => `相加：${parts.join(' + ')}`,
    difference: ([of, less]) => `${of} 减去 ${less}，不低于 0`,
  },
  referenceDate: day => `截止日期 ${day}`,
  dateOfRecord: (kind, which) => `${which === 'last' ? '最后' : '最早'}一条记录（${kind}）的起始日`,
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
  ages: { atLeast: figure => `满 ${figure}`, below: figure => `未满 ${figure}` },
  within: (from, until) => [from && `自 ${from} 起`, until && `至 ${until} 止`].filter(Boolean).join(''),
  not: test => `并非${test}`,
  oneOf: '符合以下之一即可：',
  allOf: '同时符合以下各项：',
  pointsOf: '得分',
  rowOf: (item, row) => `“${item}”采用的档次：${row}`,
  rate(points, per, unit, count, { after, upTo }) {
    const each = `${per ?? 1} ${unit === '月' ? '个月' : unit}`
    const counted = `${after === null ? '' : `，仅计超出 ${after} 的部分`}${upTo === null ? '' : `，最多计至 ${upTo}`}`
    if (count === 'whole') return `每满 ${each}计 ${points} 分${counted}`
    if (count === 'begun') return `每 ${each}计 ${points} 分，不足的按一次计${counted}`
    return per === null ? `每 ${each}计 ${points} 分${counted}` : `每 ${each}计 ${points} 分，按比例折算${counted}`
  },
  units: count => `共 ${count} 次，`,
  gives: points => `${points} 分`,
  row: (row, points) => `符合的最高档次为“${row}”：${points}`,
  noRow: '无符合的档次',
  band: (from, below) =>
    from === null ? `属于 ${below} 以下一档` : below === null ? `属于 ${from} 及以上一档` : `属于 ${from} 至 ${below}（不含）一档`,
  outsideBands: '不在各档之内',
  cell: (row, column, points) => `表中行“${row}”、列“${column}”：${points}`,
  range: (from, below) => (below === null ? `${from} 及以上` : `${from} 至 ${below}（不含）`),
  place: number => `第 ${number}`,
  noCell: '表中无符合之处',
  sum: '合计',
  highest: '取其中最高的',
  lowest: '取其中最低的',
  percent: (percent, before) => `${before} 的 ${percent}%`,
  share: (before, divisor, more) => `${before} 除以 ${divisor}${more === null ? '' : `（比上述数多 ${more}）`}`,
  bestOnly: count => `只计得分最高的 ${count} 条记录`,
  leftOut: '不计',
  cutYear: (year, before, cap) => `每个自然年最多 ${cap} 分：${year} 年 ${before} 减至上限`,
  perYear: cap => `每个自然年最多 ${cap} 分：各年均未超过`,
  settled: points => `无论所缺材料如何均为：${points}`,
  cut: (cap, before) => `最多 ${cap} 分：${before} 减至上限`,
  raised: (floor, before) => `最少 ${floor} 分：${before} 提至下限`,
  raisedSum: floor => `最少 ${floor} 分：合计提至下限`,
  notReached: (cap, floor, points) =>
    [
      cap !== null && `最多 ${cap} 分：${sameFigure(cap, points) ? '正好达到上限，不调整' : '未达上限'}`,
      floor !== null && `最少 ${floor} 分：${sameFigure(floor, points) ? '等于' : '高于'}下限，不调整`,
    ]
      .filter(Boolean)
      .join('；'),
  rounded: (mode, scale, before, after) =>
    `${chineseModes[mode] ?? mode}，保留 ${scale} 位小数：${sameFigure(before, after) ? '无变化' : `${before} 成为 ${after}`}`,
  roundedTo: (mode, scale) => `${chineseModes[mode] ?? mode}，保留 ${scale} 位小数`,
  takenAway: '扣分',
  because: what => `因${what}`,
  failing: what => `不成立：${what}`,
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
  passed: '各项申请条件均符合',
  undecided(unchecked, incomplete, total) {
    const named = unchecked.map(title => `“${title}”`).join('、')
    const reasons = [named && `${named}尚未核查`, incomplete && '方案不完整']
    return `因${reasons.filter(Boolean).join('且')}，${total === undefined ? '' : `“${total}”的`}资格尚不能确定`
  },
  stop: '。',
  failed: gates => `不符合：${gates}。`,
  notKnown: gates => `因缺材料尚不能确定：${gates}。`,
  frozenBy: freezes => `积分保留，但冻结期间不得使用：${freezes}。`,
  eligible: { yes: '资格：符合', no: '资格：不符合', undetermined: '资格：尚不能确定' },
  missingKinds: kinds => `登记机关尚未提供的材料：${kinds}。`,
  unusedKinds: kinds => `本方案不采用的材料：${kinds}。`,
  notices: '需核对（不影响得分）',
  measuresDiffer: (check, measures) => `${check}：以下数据应当一致而不一致：${measures}`,
  attestedDiffers: measure => `${measure}：与材料记载不一致，以直接证明的为准`,
  sources: '依据文件',
  marks: {
    R: '据官方原文',
    RS: '据转载页面',
    DATA: '据公布名单推算',
    OWN: '未经核实',
  },
  prospects: '何以改变得分',
  possible: points => `距最高分 ${points} 分`,
  mostReached: '已达最高分',
  nothingTaken: '未扣分',
  noLimit: '方案未单列上限',
  rises: (date, points) => `现状延续、无其他变化时，${date} 升至 ${points} 分`,
  falls: (date, points) => `现状延续、无其他变化时，${date} 降至 ${points} 分`,
  amountWay: (to, from, title, unit) => `${title}达 ${to}${unit === null ? '' : ` ${unit}`}（现为 ${from}）时`,
  answerWay: (title, to, from) => `${title}为“${to}”（现为“${from}”）时`,
  codesWay: (codes, title) => `另有${codes}（${title}）时`,
  moreWays: count => `另有 ${count} 种途径`,
  noWay: '没有单独一项变化可以加分',
  notPredicted: '加分途径：未作预测',
  notKnownYet: '所缺材料补齐之前尚不能确定',
}

export const words: Record<Language, Words> = { en: english, 'zh-CN': chinese }
