import type { Sex } from './citizen-number.ts'
import { type Random, type Table, weighted } from './random.ts'

/*
 * Synthetic names: a common surname and one or two characters that are usual in given names. The weights of the surnames follow the
 * known order of the commonest (王 李 张 刘 陈 …, each some per cent of the people); their size is general knowledge, an assumption.
 */

/** Surnames, commonest first, with weights in about a tenth of a per mille. */
const surnames = weighted([
  ...line('王 李 张 刘 陈', 700),
  ...line('杨 黄 赵 吴 周', 220),
  ...line('徐 孙 马 朱 胡 郭 何 林 高 罗', 125),
  ...line('郑 梁 谢 宋 唐 许 韩 邓 冯 曹 彭 曾 肖 田 董', 72),
  ...line('袁 潘 于 蒋 蔡 余 杜 叶 程 苏 魏 吕 丁 任 沈 姚 卢 姜 崔 钟', 45),
  ...line('谭 陆 汪 范 金 石 廖 贾 夏 韦 傅 方 白 邹 孟 熊 秦 邱 江 尹', 30),
  ...line('欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟', 4),
  ...line('𠮷', 3), // outside the basic plane: a mask that counts UTF-16 units cuts it in half
])

const given: Record<Sex, Table<string>> = {
  female: weighted([
    ...line('丽 芳 敏 静 艳 娟 燕 霞 红 玲 婷 娜 颖 洁 琴 云 梅 雪 莉 英', 20),
    ...line('晓 小 玉 秀 春 文 佳 欣 雨 思 慧 倩 琳 萍 丹 凤 兰 月 翠 珍', 14),
    ...line('子 梦 嘉 诗 语 涵 怡 蓉 薇 妍 瑶 璐 莹 媛 珊 菲', 7),
    ...line('𬍛 𫖯', 1), // rare characters of the standard list of 2013 that lie outside the basic plane
  ]),
  male: weighted([
    ...line('伟 强 磊 军 勇 杰 涛 超 明 刚 平 辉 鹏 飞 波 斌 浩 亮 峰 建', 20),
    ...line('志 国 文 海 永 俊 宏 德 立 成 新 林 龙 华 东 庆 金 世 家 宇', 14),
    ...line('子 天 一 博 晨 旭 凯 轩 睿 昊 泽 铭 毅 翔 航 健', 7),
    ...line('𬭎 𬭬', 1),
  ]),
}

/** Given names of one character, of a hundred. */
const singles = 28

export function nameOf(random: Random, sex: Sex): string {
  const surname = random.pick(surnames)
  const first = random.pick(given[sex])
  return random.below(100) < singles ? surname + first : surname + first + random.pick(given[sex])
}

function line(names: string, weight: number): [string, number][] {
  return names.split(' ').map(name => [name, weight])
}
