import { type ProblemCode, problems } from './problems.ts'

/** The page behind the `type` of a problem. */
export function problemPage(code: ProblemCode): string {
  const { status, title } = problems[code]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title.en)}</title>
<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}code{font-size:.95em}</style>
<h1>${escaped(title.en)}</h1>
<p lang="zh-CN">${escaped(title['zh-CN'])}</p>
<p>Code <code>${code}</code>, HTTP status ${status}. The answer's <code>errors</code> say what was wrong in the request and what would be right.</p>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
