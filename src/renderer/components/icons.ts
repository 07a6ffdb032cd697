import Activity from '@lucide/svelte/icons/activity'
import Archive from '@lucide/svelte/icons/archive'
import ArrowDown from '@lucide/svelte/icons/arrow-down'
import ArrowLeft from '@lucide/svelte/icons/arrow-left'
import ArrowRight from '@lucide/svelte/icons/arrow-right'
import ArrowRightLeft from '@lucide/svelte/icons/arrow-right-left'
import ArrowUp from '@lucide/svelte/icons/arrow-up'
import Bell from '@lucide/svelte/icons/bell'
import BrushCleaning from '@lucide/svelte/icons/brush-cleaning'
import Cable from '@lucide/svelte/icons/cable'
import Check from '@lucide/svelte/icons/check'
import ChevronDown from '@lucide/svelte/icons/chevron-down'
import ChevronRight from '@lucide/svelte/icons/chevron-right'
import ChevronUp from '@lucide/svelte/icons/chevron-up'
import ChevronsUpDown from '@lucide/svelte/icons/chevrons-up-down'
import Circle from '@lucide/svelte/icons/circle'
import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark'
import CircleX from '@lucide/svelte/icons/circle-x'
import Clock from '@lucide/svelte/icons/clock'
import Command from '@lucide/svelte/icons/command'
import Copy from '@lucide/svelte/icons/copy'
import CopyPlus from '@lucide/svelte/icons/copy-plus'
import Database from '@lucide/svelte/icons/database'
import Download from '@lucide/svelte/icons/download'
import Ellipsis from '@lucide/svelte/icons/ellipsis'
import ExternalLink from '@lucide/svelte/icons/external-link'
import Eye from '@lucide/svelte/icons/eye'
import EyeOff from '@lucide/svelte/icons/eye-off'
import FileText from '@lucide/svelte/icons/file-text'
import FlaskConical from '@lucide/svelte/icons/flask-conical'
import Funnel from '@lucide/svelte/icons/funnel'
import GripVertical from '@lucide/svelte/icons/grip-vertical'
import HardDrive from '@lucide/svelte/icons/hard-drive'
import Import from '@lucide/svelte/icons/import'
import Info from '@lucide/svelte/icons/info'
import KeyRound from '@lucide/svelte/icons/key-round'
import Keyboard from '@lucide/svelte/icons/keyboard'
import Languages from '@lucide/svelte/icons/languages'
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard'
import LayoutGrid from '@lucide/svelte/icons/layout-grid'
import List from '@lucide/svelte/icons/list'
import Lock from '@lucide/svelte/icons/lock'
import LogIn from '@lucide/svelte/icons/log-in'
import MessagesSquare from '@lucide/svelte/icons/messages-square'
import Minus from '@lucide/svelte/icons/minus'
import Monitor from '@lucide/svelte/icons/monitor'
import Moon from '@lucide/svelte/icons/moon'
import Package from '@lucide/svelte/icons/package'
import Palette from '@lucide/svelte/icons/palette'
import PanelLeft from '@lucide/svelte/icons/panel-left'
import Pause from '@lucide/svelte/icons/pause'
import Pencil from '@lucide/svelte/icons/pencil'
import Pin from '@lucide/svelte/icons/pin'
import PinOff from '@lucide/svelte/icons/pin-off'
import Play from '@lucide/svelte/icons/play'
import Plug from '@lucide/svelte/icons/plug'
import Plus from '@lucide/svelte/icons/plus'
import Power from '@lucide/svelte/icons/power'
import RefreshCw from '@lucide/svelte/icons/refresh-cw'
import Rocket from '@lucide/svelte/icons/rocket'
import RotateCcw from '@lucide/svelte/icons/rotate-ccw'
import Route from '@lucide/svelte/icons/route'
import Scale from '@lucide/svelte/icons/scale'
import ScrollText from '@lucide/svelte/icons/scroll-text'
import Search from '@lucide/svelte/icons/search'
import Settings from '@lucide/svelte/icons/settings'
import Shield from '@lucide/svelte/icons/shield'
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal'
import Star from '@lucide/svelte/icons/star'
import Sun from '@lucide/svelte/icons/sun'
import Terminal from '@lucide/svelte/icons/terminal'
import Timer from '@lucide/svelte/icons/timer'
import Trash from '@lucide/svelte/icons/trash'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'
import Undo2 from '@lucide/svelte/icons/undo-2'
import Unlink from '@lucide/svelte/icons/unlink'
import Upload from '@lucide/svelte/icons/upload'
import WifiOff from '@lucide/svelte/icons/wifi-off'
import X from '@lucide/svelte/icons/x'
import Zap from '@lucide/svelte/icons/zap'

/** Every icon of the page by the name it has here; the drawings are Lucide's. */
export const icons = {
  activity: Activity,
  archive: Archive,
  'arrow-down': ArrowDown,
  'arrow-left': ArrowLeft,
  'arrow-right': ArrowRight,
  'arrow-right-left': ArrowRightLeft,
  'arrow-up': ArrowUp,
  bell: Bell,
  'brush-cleaning': BrushCleaning,
  channels: Cable,
  check: Check,
  'chevron-down': ChevronDown,
  'chevron-right': ChevronRight,
  'chevron-up': ChevronUp,
  'chevrons-up-down': ChevronsUpDown,
  circle: Circle,
  'circle-check': CircleCheck,
  'circle-x': CircleX,
  clock: Clock,
  close: X,
  command: Command,
  copy: Copy,
  'copy-plus': CopyPlus,
  database: Database,
  download: Download,
  ellipsis: Ellipsis,
  'external-link': ExternalLink,
  eye: Eye,
  'eye-off': EyeOff,
  'file-text': FileText,
  filter: Funnel,
  'flask-conical': FlaskConical,
  'grip-vertical': GripVertical,
  'hard-drive': HardDrive,
  help: CircleQuestionMark,
  import: Import,
  info: Info,
  'key-round': KeyRound,
  keyboard: Keyboard,
  languages: Languages,
  'layout-grid': LayoutGrid,
  list: List,
  lock: Lock,
  'log-in': LogIn,
  logs: ScrollText,
  minus: Minus,
  monitor: Monitor,
  moon: Moon,
  overview: LayoutDashboard,
  package: Package,
  palette: Palette,
  'panel-left': PanelLeft,
  pause: Pause,
  pencil: Pencil,
  pin: Pin,
  'pin-off': PinOff,
  play: Play,
  plug: Plug,
  plus: Plus,
  power: Power,
  'refresh-cw': RefreshCw,
  rocket: Rocket,
  'rotate-ccw': RotateCcw,
  route: Route,
  scale: Scale,
  search: Search,
  sessions: MessagesSquare,
  settings: Settings,
  shield: Shield,
  'sliders-horizontal': SlidersHorizontal,
  star: Star,
  sun: Sun,
  terminal: Terminal,
  timer: Timer,
  trash: Trash,
  undo: Undo2,
  unlink: Unlink,
  upload: Upload,
  warning: TriangleAlert,
  'wifi-off': WifiOff,
  zap: Zap
} as const
export type IconName = keyof typeof icons
