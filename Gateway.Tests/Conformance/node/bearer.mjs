// The suite has no option for a token: preloaded with `node --import`, this adds one to every request to one origin.
//   CONFORMANCE_ORIGIN   scheme, host and port of the server under test
//   CONFORMANCE_BEARER   the access token
// Fetch of Node and the suite's own undici send through a global dispatcher, which is wrapped here; raw requests go through node:http.
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

const { CONFORMANCE_ORIGIN: origin, CONFORMANCE_BEARER: token } = process.env;

function withToken(headers) {
  const entries = Array.isArray(headers)
    ? headers.flatMap((value, index) => (index % 2 === 0 ? [[value, headers[index + 1]]] : []))
    : typeof headers?.[Symbol.iterator] === 'function'
      ? [...headers]
      : Object.entries(headers ?? {});
  const hasOwn = entries.some(([name]) => String(name).toLowerCase() === 'authorization');
  return (hasOwn ? entries : [...entries, ['authorization', `Bearer ${token}`]]).flat();
}

function wrap(dispatcher) {
  const dispatch = (options, handler) => {
    const isOurs = new URL(String(options.origin)).origin === origin;
    return dispatcher.dispatch(isOurs ? { ...options, headers: withToken(options.headers) } : options, handler);
  };
  return new Proxy(dispatcher, {
    get(target, property) {
      if (property === 'dispatch') return dispatch;
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function wrapHttp() {
  const { request } = http;
  http.request = (...args) => {
    const message = request(...args);
    const isOurs = `${message.protocol}//${message.host}:${portOf(args[0])}` === origin;
    if (isOurs && !message.hasHeader('authorization')) message.setHeader('authorization', `Bearer ${token}`);
    return message;
  };
  syncBuiltinESMExports();
}

const portOf = (target) => (typeof target === 'string' ? new URL(target).port : target.port);

if (origin && token) {
  wrapHttp();
  await fetch('data:,'); // the built-in dispatcher comes into being with the first request
  for (const version of [1, 2]) {
    const key = Symbol.for(`undici.globalDispatcher.${version}`);
    if (globalThis[key]) globalThis[key] = wrap(globalThis[key]);
  }
}
