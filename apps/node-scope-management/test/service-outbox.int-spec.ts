import { type AccessChangedV1, accessChangedV1, amqpTopology } from '@bastion/contracts';
import { declareTopology } from '@bastion/platform/amqp';
import { type ChannelModel, connect } from 'amqplib';
import { eventually } from './support/eventually.js';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const TOPOLOGY = amqpTopology(`test-${process.pid}-service`);

let service: TestService;
let acme: TestTenant;
let broker: ChannelModel;

beforeAll(async () => {
  const url = process.env['BASTION_TEST_AMQP_URL'] ?? '';
  const namespace = TOPOLOGY.exchange.replace('.access-changes', '');
  broker = await connect(url);
  service = await TestService.start({ AMQP_URL: url, AMQP_NAMESPACE: namespace });
  acme = await service.createTenant('acme');
});

afterAll(async () => {
  await service.stop();
  const channel = await broker.createChannel();
  await channel.deleteQueue(TOPOLOGY.projectionQueue);
  await channel.deleteQueue(TOPOLOGY.deadLetterQueue);
  await channel.deleteExchange(TOPOLOGY.exchange);
  await channel.deleteExchange(TOPOLOGY.deadLetterExchange);
  await broker.close();
});

describe('a write through the API', () => {
  it('arrives at the broker as it was committed', async () => {
    const arrived: AccessChangedV1[] = [];
    const channel = await broker.createChannel();
    await declareTopology(channel, TOPOLOGY);
    await channel.consume(TOPOLOGY.projectionQueue, (message) => {
      if (message) arrived.push(accessChangedV1.parse(JSON.parse(message.content.toString())));
    });
    const seed = new Seed(service, acme);
    await seed.assignment(await seed.user(), await seed.role(['document:read']));
    const committed = await new TenantObserver(service, 'acme').messagesAfter(0);
    const ofAcme = () => arrived.filter((change) => change.tenantId === 'acme');
    await eventually(() => ofAcme().length === committed.length);
    expect(ofAcme()).toEqual(committed);
  });
});
