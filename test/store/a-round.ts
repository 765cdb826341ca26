import { putAuthority } from '../../src/store/authorities.ts'
import type { Store } from '../../src/store/connect.ts'
import { insertRound } from '../../src/store/rounds.ts'
import { putDraft } from '../../src/store/schemes.ts'
import { throwAwayDatabase } from '../support/database.ts'

export const at = '2026-01-02T03:04:05Z'

export const scheme = {
  digest: 'sha256:scheme',
  scheme: 'model',
  version: '2017',
  status: 'complete' as const,
  source: 'scheme: model',
  vocabulary: '',
  stored_at: at,
  cases: '[]',
  cases_digest: 'sha256:none',
  stored_authority: 'haidian',
  stored_client: 'author',
}

/** A database with authority haidian, scheme model/2017 as a draft and round 2026 in draft. */
export async function aRound(t: Parameters<typeof throwAwayDatabase>[0]): Promise<Store & { url: string }> {
  const store = await throwAwayDatabase(t)
  await putAuthority(store.db, 'haidian', { 'zh-CN': '海淀区', en: 'Haidian' })
  await putDraft(store.db, scheme)
  await insertRound(store.db, {
    authority: 'haidian',
    round: '2026',
    scheme_digest: scheme.digest,
    rules: 'rules: model',
    rules_digest: 'sha256:rules',
    as_of: '2025-12-31',
    state: 'draft',
    created_at: at,
  })
  return store
}
