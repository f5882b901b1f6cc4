import { isAddress, type Address } from '../base/index.ts'

/** Which publishers' pictures are shown unasked: a choice of this device like its theme, and kept where that is. */
const key = 'holdfast/pictures'
/** Enough for whoever chooses by hand; the oldest choice goes first. */
const most = 1000

export function rememberedPublishers(): readonly Address[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter(each => typeof each === 'string' && isAddress(each)) : []
  } catch { return [] } // storage is forbidden here, or somebody else wrote there
}

/** What is remembered afterwards. */
export function rememberPublisher(owner: Address, on: boolean): readonly Address[] {
  const kept = [...rememberedPublishers().filter(each => each !== owner), ...on ? [owner] : []].slice(-most)
  try { localStorage.setItem(key, JSON.stringify(kept)) } catch { /* no room, or storage forbidden: it holds for this visit */ }
  return kept
}
