// Listens for a resource, learns that the connection is cut, and listens again.
import { options } from '../person.mjs';
import { behave, tell } from './behave.mjs';
import { sdk } from './sdks.mjs';

let hear = () => {};

// The cut connection may still stand in the pool of the HTTP client: the first request over it fails, the next one gets a new one.
async function listen(client) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.listen({ resourceSubscriptions: [options.uri] });
    } catch (error) {
      if (attempt === 5 || error.message !== 'fetch failed')
        throw error;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}

await behave(
  async (client, seen) => {
    const first = await client.listen({ resourceSubscriptions: [options.uri] });
    tell('listening');
    seen.closed = await first.closed;
    const heard = new Promise(resolve => { hear = resolve; });
    const second = await listen(client);
    tell('listening again');
    seen.updated = await heard;
    await second.close();
  },
  {},
  client => sdk.onNotification(client, 'notifications/resources/updated', ({ params }) => hear(params.uri)));
