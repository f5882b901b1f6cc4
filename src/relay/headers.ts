/** What the app may do, as browsers are told. `connect-src` is wide because relays and trackers are the user's choice; plain http only for a relay on the same machine. */
export const contentSecurityPolicy: string = [
  "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "style-src 'self'",
  "img-src 'self' blob: data:", "connect-src 'self' ws: wss: https: http://127.0.0.1:* http://localhost:*", "font-src 'self'", "manifest-src 'self'",
  "media-src 'none'", "object-src 'none'", "frame-src 'none'", "base-uri 'none'", "form-action 'none'",
  "require-trusted-types-for 'script'", "frame-ancestors 'none'",
].join('; ')

/**
 * What no page of ours asks for. `microphone` is missing on purpose: a browser that was given it lets WebRTC offer plain
 * local addresses, which is how people (and tests) reach each other where mDNS names do not resolve.
 */
const unused = [
  'accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'hid', 'magnetometer', 'midi', 'payment', 'serial',
  'usb', 'xr-spatial-tracking',
]

/** Sent with every answer; `public/_headers` says the same to static hosts. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': unused.map(feature => `${feature}=()`).join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Names under `/assets/` hold a hash of what they name, so what was fetched once never changes. */
export const immutable = 'public, max-age=31536000, immutable'
