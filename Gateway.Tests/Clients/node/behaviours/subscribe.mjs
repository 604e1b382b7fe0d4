// Subscribes to a resource, waits until it changes, and ends the subscription.
import { options } from '../person.mjs';
import { behave, once, tell } from './behave.mjs';
import { sdk } from './sdks.mjs';

let hear;
const heard = once(resolve => { hear = resolve; });

await behave(
  async (client, seen) => {
    const end = await sdk.subscribe(client, options.uri);
    tell('subscribed');
    seen.updated = await heard;
    seen.resource = (await client.readResource({ uri: options.uri })).contents[0].text;
    await end();
  },
  {},
  client => sdk.onNotification(client, 'notifications/resources/updated', ({ params }) => hear(params.uri)));
