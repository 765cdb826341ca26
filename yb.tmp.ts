import { readDocument } from './src/values/document.ts'
for (const [n,text] of [['deep flow','['.repeat(20000)],['closed',`a: ${'['.repeat(3000)}x${']'.repeat(3000)}`],['deep5000',`a: ${'['.repeat(20000)}x${']'.repeat(20000)}`],['keys 20k',Array.from({length:20000},(_,i)=>`k${i}: x`).join('\n')],['keys 100k',Array.from({length:100000},(_,i)=>`k${i}: x`).join('\n')],['seq',Array.from({length:200000},(_,i)=>`- x`).join('\n')]] as const) {
  const t=performance.now(); let r='ok'
  try { readDocument(text) } catch (e) { r=(e as Error).name+' '+(e as Error).message.slice(0,80) }
  console.log(n, text.length, r, Math.round(performance.now()-t))
}
