// Listens for a resource, learns that the connection is cut, and listens again.
import { options } from '../person.mjs';
import { behave, tell } from './behave.mjs';
import { sdk } from './sdks.mjs';

let hear = () => {};

await behave(
  async (client, seen) => {
    const first = await client.listen({ resourceSubscriptions: [options.uri] });
    tell('listening');
    seen.closed = await first.closed;
    const heard = new Promise(resolve => { hear = resolve; });
    const second = await client.listen({ resourceSubscriptions: [options.uri] });
    tell('listening again');
    seen.updated = await heard;
    await second.close();
  },
  {},
  client => sdk.onNotification(client, 'notifications/resources/updated', ({ params }) => hear(params.uri)));
