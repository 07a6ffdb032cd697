import './schemas-without-eval'

export { endpointOf } from './preset-of'
export { presets } from './presets'
