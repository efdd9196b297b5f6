import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { AdminModule } from './admin.module.js';
import { AdminServices } from './admin-services.js';

/** The app without its edges, for as long as one command runs. */
export async function openServices(): Promise<{
  readonly services: AdminServices;
  readonly close: () => Promise<void>;
}> {
  const context = await NestFactory.createApplicationContext(AdminModule.forRoot(), {
    bufferLogs: true,
    abortOnError: false,
  });
  context.useLogger(context.get(Logger));
  return { services: context.get(AdminServices), close: () => context.close() };
}
