import type { Theme } from './settings-api.ts'

/** The theme lies in localStorage because it is needed before the first paint, when nothing else can be read yet. */
const key = 'holdfast/theme'

export function rememberedTheme(): Theme {
  try {
    const text = localStorage.getItem(key)
    return text === 'light' || text === 'dark' ? text : 'system'
  } catch { return 'system' } // storage is forbidden here
}

export function rememberTheme(theme: Theme): void {
  try { localStorage.setItem(key, theme) } catch { /* no room, or storage forbidden: it holds for this visit */ }
}
