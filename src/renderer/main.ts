import './styles/app.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { createBackend } from './lib/backend'
import { createBridgeTransport } from './lib/bridge-transport'
import { HttpTransport } from './lib/http-transport'
import { takeToken } from './lib/token'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app')

const transport = window.routex
  ? createBridgeTransport(window.routex)
  : new HttpTransport({ apiUrl: new URL('../api/', document.baseURI).href, token: takeToken() })

target.replaceChildren()
mount(App, { target, props: { backend: createBackend(transport) } })
