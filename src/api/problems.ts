/** What a refusal means over HTTP. With `inside`, its text is for the operator's log and never leaves the service. */
export type ProblemKind = { status: number; title: { en: string; 'zh-CN': string }; inside?: true }

const problem = (status: number, en: string, zh: string): ProblemKind => ({ status, title: { en, 'zh-CN': zh } })
/** A fault of the installation, not of the request; most of these can only come up as it starts. */
const inside = (en: string, zh: string): ProblemKind => ({ ...problem(500, en, zh), inside: true })

/**
 * Every code of a refusal outside of the terminal's own, once: the error handler, the pages under /problems and the API's document are made from this list. A code
 * never changes its meaning; test/api/problems.test.ts fails when a refusal has no line here.
 */
const kinds = {
  // The request itself
  'malformed-json': problem(400, 'The body is not JSON', '请求体不是合法的 JSON'),
  'invalid-request': problem(400, 'The request has a wrong form', '请求格式有误'),
  unauthenticated: problem(401, 'A valid key is needed', '需要有效的密钥'),
  'scope-missing': problem(403, 'The key does not allow this', '密钥权限不足'),
  'second-person-needed': problem(403, 'A second person must do this', '须由另一人办理'),
  'not-found': problem(404, 'There is nothing here', '没有这个地址'),
  'method-not-allowed': problem(405, 'This address does not take this method', '该地址不支持此方法'),
  'request-timeout': problem(408, 'The request took too long to arrive', '接收请求超时'),
  'body-too-large': problem(413, 'The body is too large', '请求体过大'),
  'unsupported-media-type': problem(415, 'The body must be application/json', '请求体须为 application/json'),
  'compressed-body': problem(415, 'The body must not be compressed', '请求体不得压缩'),
  'too-many-streams': problem(429, 'Too many streams are open', '打开的事件流过多'),
  'headers-too-large': problem(431, 'The headers are too large', '请求头过大'),

  // What is not there
  'unknown-authority': problem(404, 'There is no such authority', '没有这个机构'),
  'unknown-scheme': problem(404, 'There is no such scheme', '没有这个积分方案'),
  'unknown-person': problem(404, 'There is no such person', '没有这个申请人登记'),
  'unknown-round': problem(404, 'There is no such round', '没有这个轮次'),
  'unknown-application': problem(404, 'There is no such application', '没有这项申请'),
  'unknown-run': problem(404, 'There is no such run', '没有这次计算'),
  'unknown-edition': problem(404, 'There is no such edition', '没有这一版名单'),
  'nothing-published': problem(404, 'Nothing has been published for this round', '该轮次尚未公布名单'),
  'no-such-applicant': problem(404, 'No applicant has these two numbers together', '公开编号与身份号码不匹配'),
  'unknown-problem': problem(404, 'There is no such problem', '没有这个问题代码'),

  // What is there already, or not in the state for it
  'client-exists': problem(409, 'This client exists', '该客户端已存在'),
  'scheme-version-exists': problem(409, 'This version was activated with other content', '该版本已启用且内容不同'),
  'scheme-state': problem(409, 'The scheme is not in the state for this', '该方案的状态不允许此操作'),
  'scheme-changed': problem(409, 'The draft is not the one that was reviewed', '草案与审阅时的内容不一致'),
  'cases-not-green': problem(409, 'The cases of the scheme do not all come out as expected', '方案的用例未全部通过'),
  'kind-differs': problem(409, 'A scheme in force gives this name another meaning', '该名称在已启用的方案中另有含义'),
  'scheme-not-active': problem(409, 'The scheme has not been activated', '该方案尚未启用'),
  'person-exists': problem(409, 'This person is registered already', '该申请人已登记'),
  'same-statement': problem(409, 'This very statement is recorded already', '该条材料已登记'),
  'evidence-superseded': problem(409, 'This evidence was superseded in the meantime', '该材料已被更新'),
  'round-exists': problem(409, 'A round of this name exists', '该轮次名称已存在'),
  'round-not-open': problem(409, 'The round takes no applications now', '该轮次目前不接受申请'),
  'round-state': problem(409, 'The round is not in the state for this', '该轮次的状态不允许此操作'),
  'round-busy': problem(409, 'Somebody is at work on this round', '该轮次正在处理中'),
  'second-application': problem(409, 'This person has applied already', '该申请人已提交过申请'),
  'public-number-taken': problem(409, 'The public number is taken', '公开编号已被占用'),
  'run-exists': problem(409, 'This run exists', '该次计算已存在'),
  'household-in-two-pools': problem(409, 'Applications of one household name different pools', '同一家庭的申请填报了不同名单组'),
  'no-draw': problem(409, 'The rules draw no lots', '规则未规定摇号'),
  'draw-missing': problem(409, 'The lots wait for a public draw', '尚未登记公开开奖结果，无法摇号'),
  'lot-without-draw': problem(409, 'The rules draw lots without a public draw', '规则以摇号定名额，但未规定依据何种公开开奖'),
  'nothing-at-work': problem(409, 'No run waits or is at work', '没有等待或进行中的计算'),
  'run-cancelled': problem(409, 'The run was cancelled', '计算已取消'),
  'run-broke-off': problem(409, 'The run broke off again and again', '计算多次中断'),
  'unusable-evidence': problem(409, 'Evidence of the round cannot be scored', '该轮次的材料无法计分'),
  'edition-exists': problem(409, 'This edition exists', '该版名单已存在'),
  'pool-set-aside': problem(409, 'The pool is not published yet', '该名单组尚未公布'),
  'no-settlement-term': problem(409, 'The rules set no term for settling', '规则未规定落户期限'),
  'no-reserve-list': problem(409, 'The rules have no reserve list', '规则未设递补名单'),
  'settlements-open': problem(409, 'It is not entered yet who has settled', '落户情况尚未全部登记'),
  'nothing-to-call-up': problem(409, 'No place is free that can be given', '没有可递补的名额'),
  'run-does-not-hold': problem(409, 'The run does not hold and cannot be published', '计算结果未通过核验，不能公布'),
  'not-scored-yet': problem(409, 'There are no scores yet', '尚无积分结果'),
  'never-changes': problem(409, 'What is recorded or sealed never changes', '已记录或封存的内容不可更改'),

  // What the content of the request says
  'invalid-person': problem(422, 'The person cannot be registered', '申请人信息有误'),
  'invalid-receipt': problem(422, 'The receipt has faults', '计分凭证有误'),
  'invalid-facts': problem(422, 'The evidence has faults', '材料内容有误'),
  'out-of-range': problem(422, 'An amount is too large to be scored exactly', '数额过大，无法精确计分'),
  'unknown-evidence': problem(422, 'The evidence to be superseded is not there', '找不到要更新的材料'),
  'unreadable-document': problem(422, 'The document cannot be read', '文档无法读取'),
  'invalid-scheme': problem(422, 'The scheme has errors', '积分方案有误'),
  'invalid-cases': problem(422, 'The cases have errors', '方案的用例有误'),
  'incomplete-scheme': problem(422, 'An incomplete scheme cannot be used in a round', '不完整的方案不能用于轮次'),
  'invalid-rules': problem(422, 'The round rules have errors', '轮次规则有误'),
  'gate-beyond-scale': problem(422, "The gate has more decimals than the scheme's total", '门槛分的小数位多于总分'),
  'round-name': problem(422, 'The name of the round has a wrong form', '轮次名称格式有误'),
  'authority-name': problem(422, 'The name of the authority has a wrong form', '机构名称格式有误'),
  'lot-not-committed': problem(422, 'The secret of the lot must be committed now, or not at all', '摇号密数须在此时承诺，或不提供'),
  'invalid-lot-secret': problem(422, 'The secret of the lot has a wrong form', '摇号密数格式有误'),
  'lot-secret-missing': problem(422, 'The committed secret of the lot is needed', '需要提供已承诺的摇号密数'),
  'lot-secret-wrong': problem(422, 'This is not the committed secret of the lot', '摇号密数与承诺不符'),
  'invalid-claim': problem(422, 'What the application says has faults', '申请填报内容有误'),
  'invalid-draw': problem(422, 'The draw has faults', '开奖登记内容有误'),
  'invalid-settlements': problem(422, 'What is entered of settling has faults', '落户登记内容有误'),
  'invalid-correction': problem(422, 'The correction has faults', '更正内容有误'),
  'no-edition': problem(422, 'The document is no edition', '该文件不是名单'),
  'invalid-applicants': problem(422, 'The list of applicants has faults', '申请人清单有误'),
  'wrong-usage': problem(422, 'This cannot be used so', '用法有误'),

  // The service itself
  'internal-error': inside('An error of the service', '服务内部错误'),
  'round-altered': problem(500, 'What is stored of this round was altered', '该轮次的存储内容被改动'),
  'list-changed': problem(500, 'The list is not the one that was published', '名单与已公布的不一致'),
  'clock-behind': problem(500, 'The clock of this machine is behind', '本机时钟落后'),
  'database-unavailable': problem(503, 'The database does not answer', '数据库暂时不可用'),
  'not-ready': problem(503, 'The service is not ready', '服务尚未就绪'),
  stopping: problem(503, 'The service is stopping', '服务正在停止'),
  'invalid-vocabulary': inside('The vocabulary has errors', '词汇表有误'),
  'invalid-keys': inside('The keys of personal data cannot be read', '个人信息密钥无法读取'),
  'encrypted-value-damaged': inside('A sealed value does not open', '封存数据无法打开'),
  'encryption-key-missing': inside('A key of personal data is missing', '缺少个人信息密钥'),
  'migration-name': inside('A migration has a wrong name', '迁移文件名有误'),
  'migration-missing': inside('A migration is missing', '缺少迁移文件'),
  'migration-edited': inside('A migration was edited', '迁移文件被改动'),
  'migration-out-of-order': inside('A migration is out of order', '迁移顺序有误'),
  'data-folder-foreign': inside('The data folder is not ours', '数据目录不属于本程序'),
  'data-folder-not-empty': inside('The data folder is not empty', '数据目录非空'),
  'database-in-use': inside('The database is in use', '数据库正在使用'),
  'no-embedded-postgres': inside('There is no embedded PostgreSQL here', '没有内置的 PostgreSQL'),
  'no-unprivileged-user': inside('There is no unprivileged user', '没有可用的非特权用户'),
} satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof kinds

/** The codes with their meaning. */
export const problems: { readonly [code in ProblemCode]: ProblemKind } = kinds

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code)
}

export function problemType(code: ProblemCode): string {
  return `/problems/${code}`
}
