// Runs before anything is painted, so that no page flashes in the wrong theme or language. A file of its own, for the
// page's policy allows no inline script. lib/theme.svelte.ts, lib/i18n.svelte.ts and frame/frame.svelte.ts write what is
// read here.
const theme = localStorage.getItem('routex.theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
const language = localStorage.getItem('routex.language')
if (language !== null) document.documentElement.lang = language
document.documentElement.dataset.sidebar = localStorage.getItem('routex.sidebar') ?? 'open'
