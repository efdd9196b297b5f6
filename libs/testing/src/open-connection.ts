import { type ChannelModel, connect } from 'amqplib';

/** A connection of a test's own. What breaks it fails whoever waits on it, and not the whole process. */
export async function openConnection(amqpUrl: string): Promise<ChannelModel> {
  const model = await connect(amqpUrl, { noDelay: true });
  model.on('error', () => undefined);
  return model;
}
