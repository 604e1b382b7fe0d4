// npm server-everything over Streamable HTTP, on loopback and a free port, which it prints as {"url": "..."}.
import { Server } from 'node:net';

const listen = Server.prototype.listen;
Server.prototype.listen = function (...args) {
  this.once('listening', () => process.stdout.write(JSON.stringify({ url: `http://127.0.0.1:${this.address().port}/mcp` }) + '\n'));
  return listen.call(this, { host: '127.0.0.1', port: 0 }, args.find(arg => typeof arg === 'function'));
};
console.log = console.error;
process.argv[2] = 'streamableHttp';
await import('@modelcontextprotocol/server-everything/dist/index.js');
