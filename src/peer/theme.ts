import type { Theme } from './api.ts'

/** The theme lies in localStorage because it is needed before the first paint, when nothing else can be read yet. */
const key = 'holdfast/theme'

export function rememberedTheme(): Theme {
  const theme = read()
  apply(theme)
  return theme
}

export function rememberTheme(theme: Theme): void {
  try { localStorage.setItem(key, theme) } catch { /* no room, or storage forbidden: it holds for this visit */ }
  apply(theme)
}

function read(): Theme {
  try {
    const text = localStorage.getItem(key)
    return text === 'light' || text === 'dark' ? text : 'system'
  } catch { return 'system' }
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}
