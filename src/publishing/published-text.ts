/** One line on which something can be seen: a text of the office that is published as it stands. */
export const publishedTextForm = '^\\p{Zs}*[^\\s\\p{Cc}]\\P{Cc}*$'

/** The most characters of why there is an edition, and of the number of a decision. */
export const mostOfReason = 2000
export const mostOfDecision = 200
