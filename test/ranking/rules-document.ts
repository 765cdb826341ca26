/** Round rules in which every part stands that can stand with the others. */
export const everyPart = `rules: town/2026
scheme: {scheme: town, version: "2026"}
sources: {rules: {title: "Rules", where: "https://example.org", mark: R}}
total: settlement
zone: "+08:00"
order:
  - {key: total, direction: desc, assumption: x}
  - {key: submission, to: day, direction: asc, assumption: x}
  - {key: submission, to: moment, direction: asc, assumption: x}
quota:
  unit: persons
  decision: {number: "1", body: {zh-CN: 市政府, en: The city}}
  capacityBasis: {zh-CN: 规划, en: The plan}
  source: {ref: rules, article: "1"}
  pools:
    - {pool: north, name: {zh-CN: 北, en: North}, places: "120", assumption: x}
    - pool: south
      name: {zh-CN: 南, en: South}
      places: "80"
      carriedOver:
        - {places: "5", from: "2024", source: {ref: rules, article: "2"}}
        - {places: "7", from: "2025", assumption: x}
      where: {measure: town, is: outer}
      assumption: x
  secondRound: {overAtMost: {percent: "12.5", rounding: down}, atRoom: admit-none, assumption: x}
line:
  rule: lot
  draw:
    series: {zh-CN: 双色球, en: Double Colour Ball}
    numbers: [{count: "6", from: "1", to: "33", order: ascending}, {count: "2", from: "0", to: "9", order: drawn}]
    assumption: x
  assumption: x
straddle: {rule: next-smaller, assumption: x}
reserve: {places: "50", assumption: x}
settlement: {until: 2025-12-31, calledUp: {within: {days: "60"}}, assumption: x}
`

export const scoreLine = `rules: town/2026
scheme: {scheme: town, version: "2026"}
sources: {}
total: settlement
scoreLine: {atLeast: "120", assumption: x}
`
