// Runs before anything is painted, so that no page flashes in the wrong theme or language. A file of its own, for the
// page's policy allows no inline script. lib/appearance.ts writes what is read here.
const theme = localStorage.getItem('routex.theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
document.documentElement.lang = localStorage.getItem('routex.locale') ?? 'en'
