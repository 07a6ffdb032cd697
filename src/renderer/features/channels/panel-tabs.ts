/** What the panel of a channel shows; it stands in the page's address. */
export const PANEL_TABS = ['settings', 'test', 'health', 'charts'] as const
export type PanelTab = (typeof PANEL_TABS)[number]

export const isPanelTab = (text: string | undefined): text is PanelTab => PANEL_TABS.some((tab) => tab === text)
