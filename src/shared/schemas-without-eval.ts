import { z } from 'zod'

// zod compiles schemas with `new Function`, which the page's content security policy forbids. Import this before any schema.
z.config({ jitless: true })
