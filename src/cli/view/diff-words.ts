import type { Section } from '../../scoring/diff/diff.ts'
import type { Moves } from '../../scoring/diff/effect.ts'
import type { Language } from './words.ts'

type Unit = 'years' | 'months' | 'days'

/** The words in which two versions of a scheme are compared. What stands in the documents comes as texts. */
export type DiffWords = {
  heading(was: string, now: string): string
  nothing: string
  head: string
  sections: Record<Section, string>
  /** A part or a row that is new or gone; `what` says what it holds. */
  isNew(title: string, what: string | null): string
  isGone(title: string, what: string | null): string
  changed(noun: string, was: string, now: string): string
  added(noun: string, now: string): string
  removed(noun: string, was: string): string
  /** Points that a place gives. */
  gives(place: string | null, was: string, now: string): string
  order(noun: string): string
  list(added: string, removed: string): string
  /** A text of two languages that differs in the other alone. */
  elsewhere(noun: string): string
  fallback(pointer: string, was: string | null, now: string | null): string
  row(row: string): string
  band(from: string | null, below: string | null): string
  case(condition: string): string
  part(number: number): string
  cell(row: number, column: number): string
  otherwise: string
  outside: string
  eachRecord: string
  possible(points: string): string
  /** What a field says, by `owner.field` or by the field alone. */
  nouns: { [field: string]: string }
  /** One word out of a list that the language has. */
  enums: { [word: string]: string }
  /** A kind of node or measure, where another takes its place. */
  kinds: { [kind: string]: string }
  /** What an attribute of a record must be, so that it counts or is tolerated. */
  ofRecords(attribute: string, tolerated: boolean): string
  all(conditions: string[]): string
  any(conditions: string[]): string
  capped(node: string, atMost: string | null, atLeast: string | null): string
  steps: { cap(atMost: string): string; floor(atLeast: string): string }
  not(values: string): string
  yes: string
  no: string
  reference: string
  /** A date so long before or after another. `figure` may tell two figures. */
  shifted(base: string, figure: string, unit: Unit, before: boolean): string
  /** The same of a date that is shifted already. */
  shiftedOn(base: string, figure: string, unit: Unit, before: boolean): string
  instead(was: string, now: string): string
  moves: { [move: string]: (date: string) => string }
  firstRecord(kind: string, which: string, otherwise: string | null): string
  windowBegins(date: string): string
  windowEnds(date: string): string
  quoted(text: string): string
  effect: string
  compared(count: number): string
  refused(count: number): string
  eligible(counts: { was: number; now: number; newly: number; noLonger: number }): string
  moved(moves: Moves): string
  largest(moves: Moves): string | null
}

const people = (count: number, one: string, more: string) => `${count.toLocaleString('en')} ${count === 1 ? one : more}`
const span = (figure: string, unit: Unit) => `${figure} ${figure === '1' ? unit.slice(0, -1) : unit}`
const plain = (count: number) => count.toLocaleString('en')

const english: DiffWords = {
  heading: (was, now) => `${now} compared with ${was}`,
  nothing: 'Both say the same.',
  head: 'The scheme as a whole',
  sections: {
    items: 'Items',
    totals: 'Totals',
    gates: 'Gates',
    freezes: 'Freezes',
    measures: 'Measures',
    checks: 'Checks',
    dates: 'Dates',
    evidence: 'Evidence',
    units: 'Units',
    sources: 'Sources',
  },
  isNew: (title, what) => `${title} is new${what === null ? '' : `: ${what}`}`,
  isGone: (title, what) => `${title} is gone${what === null ? '' : `; it was: ${what}`}`,
  changed: (noun, was, now) => `${noun} is ${now} instead of ${was}`,
  added: (noun, now) => `${noun} is new: ${now}`,
  removed: (noun, was) => `${noun} is gone; it was ${was}`,
  gives: (place, was, now) => `${place ?? 'it'} gives ${now} instead of ${was} ${now === '1' && was === '1' ? 'point' : 'points'}`,
  order: noun => `${noun} stand in another order`,
  list: (added, removed) => [added && `with ${added}`, removed && `without ${removed}`].filter(Boolean).join(', '),
  elsewhere: noun => `${noun} differs in Chinese alone`,
  fallback: (pointer, was, now) => `${pointer}: was ${was ?? 'not there'}, now ${now ?? 'not there'}`,
  row: row => `row ${row}`,
  band: (from, below) =>
    from === null
      ? below === null
        ? 'the only band'
        : `the band below ${below}`
      : below === null
        ? `the band from ${from}`
        : `the band from ${from} to below ${below}`,
  case: condition => `in the case of ${condition}`,
  part: number => `part ${number}`,
  cell: (row, column) => `row ${row}, column ${column} of the table`,
  otherwise: 'otherwise',
  outside: 'outside the bands',
  eachRecord: 'for each record',
  possible: points => `at most ${points} points`,
  nouns: {
    title: 'the title',
    status: 'the status',
    absent: 'what is absent',
    vocabulary: 'the version of the vocabulary',
    monthEnd: 'the end of a month',
    source: 'the rule',
    assumption: 'the assumption',
    scale: 'the number of decimals',
    rounding: 'the rounding',
    mode: 'the rounding',
    value: 'the value',
    require: 'the condition',
    when: 'the condition',
    if: 'the condition',
    items: 'the items that count',
    gates: 'the gates that stand before it',
    freezes: 'the freezes that stand before it',
    floor: 'the floor',
    total: 'the total that is taken',
    same: 'what should agree',
    within: 'the difference that is let pass',
    of: 'what counts',
    'rate.points': 'each step',
    per: 'the step',
    count: 'what counts of a step begun',
    after: 'what does not count at the beginning',
    upTo: 'what counts at most',
    'tolerate.upTo': 'the number of months that are tolerated',
    'choice.rows': 'the rows',
    'decide.rows': 'the cases',
    'bands.rows': 'the bands',
    otherwise: 'what holds otherwise',
    outside: 'what holds outside the bands',
    holds: 'what must be held',
    'limit.atMost': 'the cap',
    'limit.atLeast': 'the floor',
    'perYear.atMost': 'the cap of a calendar year',
    'perYear.unit': 'the unit of a calendar year',
    'perRecord.atMost': 'the cap of a record',
    'perRecord.unit': 'the unit of a record',
    'yearsWith.atLeast': 'what a year must reach',
    percent: 'the percentage',
    among: 'among how many it is shared',
    plus: 'how many more share it',
    best: 'the number of records that count',
    down: 'what the rows of the table look at',
    across: 'what the columns of the table look at',
    'down.of': 'what the rows of the table look at',
    'across.of': 'what the columns of the table look at',
    'down.from': 'the beginning of a row',
    'across.from': 'the beginning of a column',
    'down.codes': 'the rows of the table',
    'across.codes': 'the columns of the table',
    sum: 'what is added',
    highest: 'of what the highest is taken',
    lowest: 'of what the lowest is taken',
    least: 'of what the smallest is taken',
    greatest: 'of what the largest is taken',
    added: 'what is added',
    less: 'what is taken off',
    gap: 'the gap that is bridged, in months,',
    gaps: 'what becomes of a gap',
    endingOn: 'the day up to which it must go on',
    except: 'the time that does not count',
    'except.of': 'the time that does not count',
    single: 'the one record that counts',
    which: 'the record that counts',
    on: 'the date',
    in: 'the unit',
    with: 'with what it must overlap',
    amount: 'the amount',
    take: 'the amount that is taken',
    code: 'the code that is read',
    date: 'the date that is looked at',
    measure: 'what is looked at',
    is: 'what it must be',
    from: 'the beginning',
    below: 'the end',
    until: 'the end',
    shape: 'the shape',
    grain: 'the grain',
    attributes: 'what a record says',
    codes: 'the code',
    unit: 'the unit',
    default: 'what holds if a record does not say',
    then: 'what holds then',
    where: 'where it was read',
    mark: 'how it was read',
    day: 'the day',
    firstTotal: 'the first total',
    measures: 'how it is counted',
    node: 'the way of working it out',
    row: 'the name of the row',
    chosen: 'the row that is asked for',
    item: 'the item whose row is asked for',
    not: 'what is not asked for',
    all: 'the conditions',
    any: 'the conditions of which one is enough',
    points: 'the points',
    give: 'what each record gives',
  },
  enums: {
    exact: 'in proportion',
    whole: 'only full ones',
    begun: 'also the one begun',
    'half-up': 'half up',
    'half-even': 'half to even',
    floor: 'down',
    ceiling: 'up',
    none: 'none',
    complete: 'complete',
    incomplete: 'incomplete',
    'last-day': 'the last day of a shorter month',
    'next-day': 'the 1st of the next month',
    first: 'the first',
    last: 'the last',
    longest: 'the longest',
    current: 'the one that goes on',
    highest: 'the highest',
    lowest: 'the lowest',
    'left-out': 'left out',
    counted: 'counted',
    years: 'years',
    months: 'months',
    event: 'an event',
    span: 'a span',
    certificate: 'a certificate',
    trait: 'a trait',
    day: 'days',
    month: 'months',
  },
  kinds: {
    points: 'fixed points',
    rate: 'points for each so many units',
    bands: 'bands',
    table: 'a table in two dimensions',
    choice: 'a choice of rows',
    sum: 'a sum',
    highest: 'the highest of several',
    lowest: 'the lowest of several',
    limit: 'a cap or floor',
    round: 'a rounding',
    percent: 'a percentage',
    share: 'a share',
    deduct: 'points taken away',
    decide: 'cases',
    each: 'points for each record',
    items: 'the points of items',
    total: 'the points of a total',
    age: 'the time since an event',
    months: 'months of spans',
    overlap: 'months in common',
    wholeYears: 'full years',
    least: 'the smallest of several',
    greatest: 'the largest of several',
    added: 'several together',
    difference: 'a difference',
    count: 'the number of records',
    amount: 'one amount',
    yearsWith: 'years that reach an amount',
    codes: 'codes held',
    covers: 'whether it is so on a date',
    earliest: 'the first date',
    latest: 'the last date',
  },
  ofRecords: (attribute, tolerated) => `the condition on a ${tolerated ? 'tolerated record' : 'record'} (${attribute})`,
  all: conditions => conditions.join(' and '),
  any: conditions => `(${conditions.join(' or ')})`,
  capped: (node, atMost, atLeast) => [node, atMost && `at most ${atMost}`, atLeast && `at least ${atLeast}`].filter(Boolean).join(', '),
  steps: { cap: atMost => `a cap of ${atMost}`, floor: atLeast => `a floor of ${atLeast}` },
  not: values => `not ${values}`,
  yes: 'yes',
  no: 'no',
  reference: 'the reference date',
  shifted: (base, figure, unit, before) => `${span(figure, unit)} ${before ? 'before' : 'after'} ${base}`,
  shiftedOn: (base, figure, unit, before) => `${base}, then ${span(figure, unit)} ${before ? 'earlier' : 'later'}`,
  instead: (was, now) => `${now} instead of ${was}`,
  moves: {
    'start-of-year': date => `the first day of the year of ${date}`,
    'end-of-year': date => `the last day of the year of ${date}`,
    'start-of-month': date => `the first day of the month of ${date}`,
    'end-of-month': date => `the last day of the month of ${date}`,
  },
  firstRecord: (kind, which, otherwise) =>
    `the day on which the ${which} record begins of: ${kind}${otherwise === null ? '' : ` (without one ${otherwise})`}`,
  windowBegins: date => `the window begins ${date}`,
  windowEnds: date => `the window ends ${date}`,
  quoted: text => `"${text}"`,
  effect: 'What it does',
  compared: count => `${people(count, 'applicant', 'applicants')} compared`,
  refused: count => `${people(count, 'line is', 'lines are')} refused and left out`,
  eligible: ({ was, now, newly, noLonger }) =>
    `eligible: ${plain(now)} instead of ${plain(was)}; ${plain(newly)} newly, ${plain(noLonger)} no longer`,
  moved: ({ up, down, same, open, gained, lost, sum }) =>
    [
      `${plain(up)} up${up > 0 ? ` by ${gained}` : ''}, ${plain(down)} down${down > 0 ? ` by ${lost.slice(1)}` : ''}, ${plain(same)} the same`,
      ...(open > 0 ? [`${plain(open)} left open`] : []),
      ...(up > 0 && down > 0 ? [`together ${sum}`] : []),
    ].join('; '),
  largest: ({ up, down, mostGained, mostLost }) =>
    up + down === 0
      ? null
      : `the largest change: ${[...(up > 0 ? [`up ${mostGained}`] : []), ...(down > 0 ? [`down ${mostLost.slice(1)}`] : [])].join(', ')}`,
}

/** Blanks between Chinese and figures, none between Chinese and Chinese. */
const apart = (text: string) => `${/^[\x21-\x7e]/.test(text) ? ' ' : ''}${text}${/[\x21-\x7e]$/.test(text) ? ' ' : ''}`
const chineseSpan = (figure: string, unit: Unit) => `${apart(figure)}${{ years: '年', months: '个月', days: '天' }[unit]}`

const chinese: DiffWords = {
  heading: (was, now) => `${apart(now)}与${apart(was)}比较`.trim(),
  nothing: '两者内容相同。',
  head: '方案整体',
  sections: {
    items: '各项得分',
    totals: '总分',
    gates: '申请条件',
    freezes: '积分冻结',
    measures: '计量',
    checks: '核对',
    dates: '日期',
    evidence: '材料',
    units: '单位',
    sources: '依据文件',
  },
  isNew: (title, what) => `新增${apart(title).trimEnd()}${what === null ? '' : `：${what}`}`,
  isGone: (title, what) => `取消${apart(title).trimEnd()}${what === null ? '' : `（原为：${what}）`}`,
  changed: (noun, was, now) => `${noun}由${apart(was)}改为${apart(now).trimEnd()}`,
  added: (noun, now) => `新增${noun}：${now}`,
  removed: (noun, was) => `取消${noun}（原为${apart(was).trimEnd()}）`,
  gives: (place, was, now) => `${place ?? '分值'}由 ${was} 分改为 ${now} 分`,
  order: noun => `${noun}的次序改变`,
  list: (added, removed) => [added && `增加 ${added}`, removed && `去掉 ${removed}`].filter(Boolean).join('，'),
  elsewhere: noun => `${noun}仅英文有变`,
  fallback: (pointer, was, now) => `${pointer}：原为 ${was ?? '无'}，现为 ${now ?? '无'}`,
  row: row => `档次“${row}”`,
  band: (from, below) =>
    from === null
      ? below === null
        ? '唯一一档'
        : `${below} 以下一档`
      : below === null
        ? `${from} 及以上一档`
        : `${from} 至 ${below}（不含）一档`,
  case: condition => `在“${condition}”的情形下`,
  part: number => `第 ${number} 部分`,
  cell: (row, column) => `表中第 ${row} 行第 ${column} 列`,
  otherwise: '其他情形',
  outside: '各档之外',
  eachRecord: '每条记录',
  possible: points => `最多 ${points} 分`,
  nouns: {
    title: '名称',
    status: '状态',
    absent: '所缺部分',
    vocabulary: '词汇表版本',
    monthEnd: '月末算法',
    source: '依据',
    assumption: '假定',
    scale: '小数位数',
    rounding: '取整方式',
    mode: '取整方式',
    value: '计分方法',
    require: '条件',
    when: '条件',
    if: '条件',
    items: '计入的各项',
    gates: '须符合的条件',
    freezes: '适用的冻结',
    floor: '下限',
    total: '采用的总分',
    same: '应当一致的数据',
    within: '容许的差额',
    of: '计算的对象',
    'rate.points': '每档分值',
    per: '每档数量',
    count: '不足一档的算法',
    after: '起始不计的部分',
    upTo: '最多计至',
    'tolerate.upTo': '容许的月数',
    'choice.rows': '各档次',
    'decide.rows': '各情形',
    'bands.rows': '各档',
    otherwise: '其他情形的分值',
    outside: '各档之外的分值',
    holds: '所需证书',
    'limit.atMost': '上限',
    'limit.atLeast': '下限',
    'perYear.atMost': '每个自然年的上限',
    'perYear.unit': '每个自然年的计量单位',
    'perRecord.atMost': '每条记录的上限',
    'perRecord.unit': '每条记录的计量单位',
    'yearsWith.atLeast': '每年须达到的数额',
    percent: '百分比',
    among: '分摊的人数',
    plus: '另加的份数',
    best: '计入的记录条数',
    down: '表的行所依据的数据',
    across: '表的列所依据的数据',
    'down.of': '表的行所依据的数据',
    'across.of': '表的列所依据的数据',
    'down.from': '某行的起点',
    'across.from': '某列的起点',
    'down.codes': '表的各行',
    'across.codes': '表的各列',
    sum: '相加的各部分',
    highest: '取最高的各部分',
    lowest: '取最低的各部分',
    least: '取最小的各数',
    greatest: '取最大的各数',
    added: '相加的各数',
    less: '减去的数',
    gap: '可接续的间断月数',
    gaps: '间断时间的算法',
    endingOn: '须持续至的日期',
    except: '不计的时间',
    'except.of': '不计的时间',
    single: '计入的单条记录',
    which: '采用的记录',
    on: '计算日期',
    in: '计量单位',
    with: '须重合的记录',
    amount: '数额',
    take: '采用的数额',
    code: '读取的类别',
    date: '所看的日期',
    measure: '所看的数据',
    is: '须为的值',
    from: '起点',
    below: '终点',
    until: '终点',
    shape: '形式',
    grain: '计时单位',
    attributes: '记录的内容',
    codes: '类别',
    unit: '单位',
    default: '记录未写明时的值',
    then: '该情形的分值',
    where: '出处',
    mark: '来源的可靠程度',
    day: '日期',
    firstTotal: '第一总分',
    measures: '计量方法',
    node: '计分方法',
    row: '档次代号',
    chosen: '所要求的档次',
    item: '所看的项目',
    not: '所排除的条件',
    all: '各条件',
    any: '符合其一即可的各条件',
    points: '分值',
    give: '每条记录的分值',
  },
  enums: {
    exact: '按比例折算',
    whole: '只计满的',
    begun: '不足的按一次计',
    'half-up': '四舍五入',
    'half-even': '四舍六入五成双',
    floor: '向下取整',
    ceiling: '向上取整',
    none: '不取整',
    complete: '完整',
    incomplete: '不完整',
    'last-day': '短月的最后一天',
    'next-day': '次月 1 日',
    first: '最早的',
    last: '最后的',
    longest: '最长的',
    current: '仍在延续的',
    highest: '最高的',
    lowest: '最低的',
    'left-out': '不计入',
    counted: '计入',
    years: '年',
    months: '月',
    event: '事件',
    span: '时段',
    certificate: '证书',
    trait: '特征',
    day: '日',
    month: '月',
  },
  kinds: {
    points: '固定分值',
    rate: '按数量计分',
    bands: '分档',
    table: '两维表',
    choice: '按档次取分',
    sum: '合计',
    highest: '取最高',
    lowest: '取最低',
    limit: '上限或下限',
    round: '取整',
    percent: '百分比',
    share: '分摊',
    deduct: '扣分',
    decide: '分情形',
    each: '逐条计分',
    items: '各项得分',
    total: '总分',
    age: '距某事件的时间',
    months: '时段月数',
    overlap: '重合月数',
    wholeYears: '满年数',
    least: '取最小',
    greatest: '取最大',
    added: '相加',
    difference: '差',
    count: '记录条数',
    amount: '单个数额',
    yearsWith: '达标年数',
    codes: '所持类别',
    covers: '某日是否属实',
    earliest: '最早日期',
    latest: '最后日期',
  },
  ofRecords: (attribute, tolerated) => `${tolerated ? '容许的' : '计入的'}记录的条件（${attribute}）`,
  all: conditions => conditions.join('且'),
  any: conditions => `（${conditions.join('或')}）`,
  capped: (node, atMost, atLeast) => [node, atMost && `最多 ${atMost} 分`, atLeast && `最少 ${atLeast} 分`].filter(Boolean).join('，'),
  steps: { cap: atMost => `上限 ${atMost} 分`, floor: atLeast => `下限 ${atLeast} 分` },
  not: values => `并非${values}`,
  yes: '是',
  no: '否',
  reference: '截止日期',
  shifted: (base, figure, unit, before) => `${base}${before ? '前' : '后'}${chineseSpan(figure, unit)}`,
  shiftedOn: (base, figure, unit, before) => `${base}再${before ? '前' : '后'}${chineseSpan(figure, unit)}`,
  instead: (was, now) => `${now}（原为${apart(was).trimEnd()}）`,
  moves: {
    'start-of-year': date => `${date}当年的第一天`,
    'end-of-year': date => `${date}当年的最后一天`,
    'start-of-month': date => `${date}当月的第一天`,
    'end-of-month': date => `${date}当月的最后一天`,
  },
  firstRecord: (kind, which, otherwise) =>
    `${which === 'last' ? '最后' : '最早'}一条记录（${kind}）的起始日${otherwise === null ? '' : `（无记录时为${otherwise}）`}`,
  windowBegins: date => `计算时段的起点：${date}`,
  windowEnds: date => `计算时段的终点：${date}`,
  quoted: text => `“${text}”`,
  effect: '影响',
  compared: count => `比较 ${plain(count)} 人`,
  refused: count => `${plain(count)} 行有误，未计入`,
  eligible: ({ was, now, newly, noLonger }) =>
    `符合资格：由 ${plain(was)} 人变为 ${plain(now)} 人；新符合 ${plain(newly)} 人，不再符合 ${plain(noLonger)} 人`,
  moved: ({ up, down, same, open, gained, lost, sum }) =>
    [
      `${plain(up)} 人上升${up > 0 ? `（共 ${gained} 分）` : ''}，${plain(down)} 人下降${down > 0 ? `（共 ${lost.slice(1)} 分）` : ''}，${plain(same)} 人不变`,
      ...(open > 0 ? [`${plain(open)} 人未定`] : []),
      ...(up > 0 && down > 0 ? [`合计 ${sum} 分`] : []),
    ].join('；'),
  largest: ({ up, down, mostGained, mostLost }) =>
    up + down === 0
      ? null
      : `最大变化：${[...(up > 0 ? [`上升 ${mostGained} 分`] : []), ...(down > 0 ? [`下降 ${mostLost.slice(1)} 分`] : [])].join('，')}`,
}

export const diffWords: Record<Language, DiffWords> = { en: english, 'zh-CN': chinese }
