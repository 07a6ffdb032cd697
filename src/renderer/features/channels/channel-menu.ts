import type { ChannelView } from '../../../shared/channel'
import type { MenuItem } from '../../components/menu-item'
import { m } from '../../lib/messages'
import type { PanelTab } from './panel-tabs'

interface ChannelActions {
  /** It is the only one in use. */
  readonly only: boolean
  readonly onopen: (tab: PanelTab) => void
  readonly onduplicate: () => void
  readonly ononly: () => void
  readonly onstep: (by: -1 | 1) => void
  readonly onclear: () => void
  readonly ondelete: () => void
}

/** What can be done with one channel. The config file's own can be looked at, tested, copied and used alone. */
export function channelMenu(channel: ChannelView, actions: ChannelActions): readonly MenuItem[] {
  const fixed = channel.managedBy !== 'user'
  return [
    { label: m.channels_menu_settings(), icon: 'sliders-horizontal', run: () => actions.onopen('settings') },
    { label: m.channels_menu_test(), icon: 'play', run: () => actions.onopen('test') },
    { label: m.channels_menu_clear(), icon: 'brush-cleaning', run: actions.onclear },
    'separator',
    { label: actions.only ? m.channels_use_all() : m.channels_menu_only(), icon: 'pin', run: actions.ononly },
    { label: m.channels_menu_duplicate(), icon: 'copy-plus', run: actions.onduplicate },
    { label: m.channels_move_up(), icon: 'arrow-up', kbd: 'alt+↑', disabled: fixed, run: () => actions.onstep(-1) },
    { label: m.channels_move_down(), icon: 'arrow-down', kbd: 'alt+↓', disabled: fixed, run: () => actions.onstep(1) },
    'separator',
    { label: m.common_delete(), icon: 'trash', kbd: 'delete', danger: true, disabled: fixed, run: actions.ondelete }
  ]
}
